import { describe, expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { rateLimitArm, rateLimitPolicy } from '../../fixtures/rate-limit-arm.js';
import { keepsBudget } from './budget.js';

const check = keepsBudget(rateLimitPolicy);

test('passes when each client is admitted as its bucket predicts', async () => {
  expect(await check.judge(await ledgerOf(await rateLimitArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(/^14[0-3] admitted in all, 0 of 5 buckets off$/),
  });
});

describe('fails', () => {
  test('without a limit', async () => {
    const finding = await check.judge(await ledgerOf(await rateLimitArm('none')));
    expect(finding).toMatchObject({ outcome: 'fail', measured: '220 admitted in all, 1 of 5 buckets off' });
    expect(finding.evidence).toEqual([expect.stringMatching(/^bucket "127\.0\.0\.2": 160 admitted, 8\d predicted$/)]);
  });

  test.each([
    { wrong: 'a smaller burst', limit: { burst: 50 } },
    { wrong: 'a larger burst', limit: { burst: 70 } },
    { wrong: 'a slower refill', limit: { average: 70 } },
    { wrong: 'a faster refill', limit: { average: 130 } },
  ])('with $wrong', async ({ limit }) => {
    expect(await check.judge(await ledgerOf(await rateLimitArm(limit)))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/ 1 of 5 buckets off$/),
    });
  });
});

describe('with a key that leaves all clients one bucket', () => {
  const key = { by: 'request-header', name: 'X-Forwarded-For' } as const;

  test('passes when that one bucket keeps its budget', async () => {
    expect(
      await keepsBudget({ ...rateLimitPolicy, key }).judge(await ledgerOf(await rateLimitArm({ key }))),
    ).toMatchObject({
      outcome: 'pass',
      measured: expect.stringMatching(/^8\d admitted in all, 0 of 1 bucket off$/),
    });
  });

  test('fails when each client has a bucket of its own all the same', async () => {
    expect(await keepsBudget({ ...rateLimitPolicy, key }).judge(await ledgerOf(await rateLimitArm()))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^14\d admitted in all, 1 of 1 bucket off$/),
    });
  });
});

test('cannot tell when nothing reached the gateway', async () => {
  expect(await check.judge(await ledgerOf({ ...(await rateLimitArm()), gateway: [] }))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'no request reached the gateway',
  });
});
