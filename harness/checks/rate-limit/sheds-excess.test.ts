import { expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { evenArrivals } from '../../fixtures/planned-arrivals.js';
import { promised, rateLimitArm, rateLimitPolicy } from '../../fixtures/rate-limit-arm.js';
import { shedsExcess } from './sheds-excess.js';

const check = shedsExcess(rateLimitPolicy, promised.burst, promised.perSecond, 'greedy');

test('passes when no more than burst and refill are admitted', async () => {
  const finding = await check.judge(await ledgerOf(await rateLimitArm()));
  expect(finding.outcome).toBe('pass');
  // 60 at once and 12.8 s of 100 a minute.
  expect(Math.abs(Number.parseInt(finding.measured, 10) - (60 + (12.8 * 100) / 60))).toBeLessThanOrEqual(2);
});

test('fails without a limit', async () => {
  expect(await check.judge(await ledgerOf(await rateLimitArm('none')))).toMatchObject({
    outcome: 'fail',
    measured: '160 admitted, 0 rejected',
  });
});

test('fails when the limit is twice as lax', async () => {
  expect(await check.judge(await ledgerOf(await rateLimitArm({ average: 200 })))).toMatchObject({
    outcome: 'fail',
    measured: expect.stringMatching(/^10\d admitted, 5\d rejected$/),
  });
});

test('fails when one of two greedy clients is not held back', async () => {
  const arm = 'rate-limit.subject';
  const arrivals = evenArrivals(arm, { clients: [1, 2], group: 'greedy', fromMs: 0, untilMs: 10_000, everyMs: 50 });
  const ledger = await rateLimitArm({}, { arrivals });
  const ofSecond = (record: { requestId: string }) => record.requestId.startsWith(`${arm}.2.`);
  const unlimited = {
    ...ledger,
    gateway: ledger.gateway.map((each) => (ofSecond(each) ? { ...each, status: 200 } : each)),
  };
  expect((await check.judge(await ledgerOf(unlimited))).outcome).toBe('fail');
});

test('cannot tell when the client never asked for more', async () => {
  expect(
    await shedsExcess(rateLimitPolicy, 200, promised.perSecond, 'greedy').judge(await ledgerOf(await rateLimitArm())),
  ).toMatchObject({
    outcome: 'inconclusive',
    measured: 'no client asked for more than its budget',
  });
});

test('cannot tell when nothing was sent', async () => {
  expect(await check.judge(await ledgerOf(await rateLimitArm({}, { arrivals: [] })))).toMatchObject({
    outcome: 'inconclusive',
    measured: 'no client asked for more than its budget',
  });
});
