import { describe, expect, test } from 'vitest';
import { ledgerOf } from '../../fixtures/ledger-of.js';
import { refusing, retryArm, retryPolicy } from '../../fixtures/retry-arm.js';
import { simulatedStart } from '../../fixtures/simulate-arm.js';
import { retryAttempts } from './attempts.js';

const check = retryAttempts(retryPolicy, refusing);

test('passes when each refused try was followed by one more', async () => {
  expect(await check.judge(await ledgerOf(await retryArm()))).toMatchObject({
    outcome: 'pass',
    measured: expect.stringMatching(/^1[89] extra attempts for 3\d requests, 0 not executed exactly once$/),
  });
});

describe('fails', () => {
  test('when nothing was tried again', async () => {
    expect(await check.judge(await ledgerOf(await retryArm({ policy: { middlewares: [] } })))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^0 extra attempts/),
    });
  });

  test('when there were more tries than round robin makes necessary', async () => {
    const ledger = await retryArm();
    const scrapes = ledger.scrapes.map((scrape) => {
      if (scrape.at < simulatedStart + 15_000) return scrape;
      return { ...scrape, serviceRequests: { ...scrape.serviceRequests, '500': 20 } };
    });
    expect(await check.judge(await ledgerOf({ ...ledger, scrapes }))).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/^3\d extra attempts/),
    });
  });

  test('when a request was executed twice', async () => {
    const ledger = await retryArm();
    const { appliedAt = 0 } = ledger.faults[refusing] ?? {};
    const again = ledger.service.find((arrival) => arrival.arrivedAt > appliedAt);
    const finding = await check.judge(
      await ledgerOf({ ...ledger, service: again === undefined ? [] : [...ledger.service, again] }),
    );
    expect(finding).toMatchObject({
      outcome: 'fail',
      measured: expect.stringMatching(/, 1 not executed exactly once$/),
    });
    expect(finding.evidence).toContain(`not executed once: ${again?.requestId}`);
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
    const ledger = await retryArm();
    const scrapes = ledger.scrapes.filter((scrape) => scrape.at < simulatedStart + 10_000);
    expect(await check.judge(await ledgerOf({ ...ledger, scrapes }))).toMatchObject({
      outcome: 'inconclusive',
      measured: "no scrapes of Traefik's counters enclose the fault",
    });
  });

  test('when a request can use up its attempts on dead instances', async () => {
    const ledger = await retryArm();
    const faults = ledger.faults.map((fault) => ({ ...fault, links: ['llm-1', 'llm-2', 'llm-3'] }));
    expect(await check.judge(await ledgerOf({ ...ledger, faults }))).toMatchObject({
      outcome: 'inconclusive',
      measured: 'a request can use up its attempts on dead instances',
    });
  });

  test('when nothing was sent during the fault', async () => {
    const ledger = await retryArm({ arrivals: [] });
    expect(
      (await check.judge(await ledgerOf({ ...ledger, scrapes: (await retryArm({ timeline: [] })).scrapes }))).outcome,
    ).toBe('inconclusive');
  });
});
