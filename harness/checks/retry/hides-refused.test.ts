import { expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { refusing, retryArm } from '../../fixtures/retry-arm.js';
import { hidesRefused } from './hides-refused.js';

const check = hidesRefused(refusing);

test('passes when every request of the fault succeeds', async () => {
  expect(await check.judge(await ledgerOf(await retryArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(/^0 of 3\d requests failed$/),
  });
});

test('fails without retries: a third of the requests meets the dead instance', async () => {
  const finding = await check.judge(await ledgerOf(await retryArm({ policy: { middlewares: [] } })));
  expect(finding).toMatchObject({ outcome: 'fail', measured: expect.stringMatching(/^1[23] of 3\d requests failed$/) });
  expect(finding.evidence.join()).toMatch(/failed: retry\.subject\.1\.\d+ \(502\)/);
});

test('cannot tell when the fault was never applied', async () => {
  expect(await check.judge(await ledgerOf(await retryArm({ timeline: [] })))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'the fault was never applied',
  });
});

test('cannot tell when nothing was sent during the fault', async () => {
  const ledger = await retryArm();
  const { healedAt = 0 } = ledger.faults[refusing] ?? {};
  const quiet = { ...ledger, client: ledger.client.filter((record) => record.sentAt > healedAt) };
  expect(await check.judge(await ledgerOf(quiet))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'no request was sent during the fault',
  });
});
