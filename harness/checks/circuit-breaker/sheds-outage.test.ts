import { expect, test } from 'vitest';
import { breakerArm } from '../../fixtures/breaker-arm.js';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { shedsOutage } from './sheds-outage.js';

const check = shedsOutage(0, 6_500);

test('passes when the fallback comes in time', async () => {
  expect(await check.judge(await ledgerOf(await breakerArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(/^first fallback after [345]\.\d s, \d+ requests answered 502$/),
  });
});

test('fails without a breaker', async () => {
  expect(await check.judge(await ledgerOf(await breakerArm('none')))).toMatchObject({
    outcome: 'fail',
    measured: expect.stringMatching(/^no fallback, 1\d\d requests answered 502$/),
  });
});

test('fails when the breaker trips too late', async () => {
  expect(
    await check.judge(await ledgerOf(await breakerArm({ expression: 'NetworkErrorRatio() > 0.50' }))),
  ).toMatchObject({
    outcome: 'fail',
    measured: expect.stringMatching(/^first fallback after ([789]|\d\d)\.\d s/),
  });
});

test('cannot tell when the fault was never applied', async () => {
  expect(await check.judge(await ledgerOf(await breakerArm({}, { timeline: [] })))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'the fault was never applied',
  });
});
