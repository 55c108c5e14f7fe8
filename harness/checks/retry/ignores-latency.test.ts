import { describe, expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { retryArm, slow } from '../../fixtures/retry-arm.js';
import { simulatedStart } from '../../fixtures/simulate-arm.js';
import { ignoresLatency } from './ignores-latency.js';

const check = ignoresLatency(slow);

test('passes when slow answers are waited for', async () => {
  expect(await check.judge(await ledgerOf(await retryArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(/^0 extra attempts, 0 of 2\d requests failed$/),
  });
});

describe('fails', () => {
  test('when slow answers were tried again', async () => {
    const ledger = await retryArm();
    const scrapes = ledger.scrapes.map((scrape) => {
      const extra = scrape.at < simulatedStart + 45_000 ? 0 : 7;
      return { ...scrape, serviceRequests: { ...scrape.serviceRequests, '499': extra } };
    });
    expect(await check.judge(await ledgerOf({ ...ledger, scrapes }))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^7 extra attempts, 0 of/),
    });
  });

  test('when slow answers were given up', async () => {
    const ledger = await retryArm();
    const { appliedAt = 0, healingAt = 0 } = ledger.faults[slow] ?? {};
    const client = ledger.client.map((record) =>
      record.sentAt > appliedAt && record.endedAt < healingAt && record.endedAt - record.sentAt > 300
        ? { ...record, status: 504 }
        : record,
    );
    expect(await check.judge(await ledgerOf({ ...ledger, client }))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^0 extra attempts, [67] of 2\d requests failed$/),
    });
  });
});

describe('cannot tell', () => {
  test('when the fault was never applied', async () => {
    expect(await check.judge(await ledgerOf(await retryArm({ timeline: [] })))).toMatchObject({
      outcome: 'inconclusive',
      measured: 'the fault was never applied',
    });
  });

  test('when no scrapes enclose the fault', async () => {
    expect(await check.judge(await ledgerOf({ ...(await retryArm()), scrapes: [] }))).toMatchObject({
      outcome: 'inconclusive',
      measured: "no scrapes of Traefik's counters enclose the fault",
    });
  });

  test('when nothing was sent during the fault', async () => {
    const ledger = await retryArm({ arrivals: [] });
    expect(
      (await check.judge(await ledgerOf({ ...ledger, scrapes: (await retryArm({ timeline: [] })).scrapes }))).outcome,
    ).toBe('inconclusive');
  });
});
