import { describe, expect, test } from 'vitest';
import { breakerArm, breakerPolicy } from '../../fixtures/breaker-arm.js';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { tripTime } from './trip-time.js';

const check = tripTime(breakerPolicy, 0);

test('passes when the breaker trips at the check that the model names', async () => {
  expect(await check.judge(await ledgerOf(await breakerArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(/^trip [345]\.\d s after the fault$/),
  });
});

test('passes when the model says that it never trips, and it does not', async () => {
  const lax = { ...breakerPolicy, expression: 'NetworkErrorRatio() > 0.90' };
  expect(await tripTime(lax, 0).judge(await ledgerOf(await breakerArm(lax)))).toMatchObject({
    outcome: 'pass',
    measured: 'no trip',
  });
});

describe('fails', () => {
  test('without a breaker', async () => {
    expect(await check.judge(await ledgerOf(await breakerArm('none')))).toMatchObject({
      outcome: 'fail',
      measured: 'no trip',
    });
  });

  test('when the breaker looks more seldom than configured', async () => {
    expect(await check.judge(await ledgerOf(await breakerArm({ checkPeriodMs: 9_000 })))).toMatchObject({
      outcome: 'fail',
      expected: expect.stringMatching(/^trip [345]\.\d s after the fault/),
    });
  });

  test('when the breaker trips at a lower share', async () => {
    expect(
      await check.judge(await ledgerOf(await breakerArm({ expression: 'NetworkErrorRatio() > 0.05' }))),
    ).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^trip [012]\.\d s after the fault$/),
    });
  });
});

describe('cannot tell', () => {
  test('when the fault was never applied', async () => {
    expect(await check.judge(await ledgerOf(await breakerArm({}, { timeline: [] })))).toMatchObject({
      outcome: 'inconclusive',
      measured: 'the fault was never applied',
    });
  });

  test('when the expression is not modelled', async () => {
    const other = { ...breakerPolicy, expression: 'ResponseCodeRatio(500, 600, 0, 600) > 0.30' };
    expect(await tripTime(other, 0).judge(await ledgerOf(await breakerArm()))).toMatchObject({
      outcome: 'inconclusive',
      measured: 'the oracle does not model this expression',
    });
  });
});
