import { describe, expect, test } from 'vitest';
import { breakerArm, breakerPolicy } from '../../fixtures/breaker-arm.js';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { evenArrivals } from '../../fixtures/planned-arrivals.js';
import { recoveryRamp } from './recovery-ramp.js';

const check = recoveryRamp(breakerPolicy);

test('passes when a sixth, a half and five sixths of the thirds pass', async () => {
  const finding = await check.judge(await ledgerOf(await breakerArm()));
  expect(finding.outcome).toBe('pass');
  const shares = finding.measured.split(', ').map((part) => {
    const [passed = Number.NaN, requests = Number.NaN] = part.split('/').map(Number);
    return passed / requests;
  });
  for (const [third, share] of [1 / 6, 1 / 2, 5 / 6].entries()) {
    expect(Math.abs((shares[third] ?? Number.NaN) - share)).toBeLessThan(0.06);
  }
});

describe('fails', () => {
  test('when everything passes at once after the fallback time', async () => {
    expect(await check.judge(await ledgerOf(await breakerArm({ recoveryDurationMs: 100 })))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^3\d\/40, (\d+)\/\1, (\d+)\/\2$/),
    });
  });

  test('when nothing passes for longer', async () => {
    expect(await check.judge(await ledgerOf(await breakerArm({ fallbackDurationMs: 15_000 })))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^0\/\d+, 0\/\d+, \d+\/\d+$/),
    });
  });

  test('without a breaker', async () => {
    expect(await check.judge(await ledgerOf(await breakerArm('none')))).toMatchObject({
      outcome: 'fail',
      measured: 'the breaker never tripped',
    });
  });
});

describe('cannot tell', () => {
  const cutAt = async (untilMs: number) => {
    const ledger = await breakerArm();
    const end = (ledger.startedAt ?? 0) + untilMs;
    return { ...ledger, gateway: ledger.gateway.filter((record) => record.startedAt < end) };
  };

  test('when the load ended before recovery began', async () => {
    expect(await check.judge(await ledgerOf(await cutAt(12_000)))).toMatchObject({
      outcome: 'inconclusive',
      measured: 'the load ended before recovery began',
    });
  });

  test('when the load ended within it', async () => {
    expect(await check.judge(await ledgerOf(await cutAt(18_000)))).toMatchObject({
      outcome: 'inconclusive',
      measured: 'fewer than 20 requests in a third of the recovery time',
    });
  });

  test('when the thirds hold no more requests than the tolerance, so that any outcome would pass', async () => {
    const arm = 'circuit-breaker.subject';
    const sparse = evenArrivals(arm, { clients: [1], fromMs: 0, untilMs: 34_000, everyMs: 600 });
    const ledger = await breakerArm({ recoveryDurationMs: 50 }, { arrivals: sparse });
    expect((await check.judge(await ledgerOf(ledger))).outcome).toBe('inconclusive');
  });
});
