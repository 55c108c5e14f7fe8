import { describe, expect, test } from 'vitest';
import type { ArmEvidence } from '../harness/fixtures/arm-evidence.js';
import { ledgerOf } from '../harness/fixtures/ledger-of.js';
import type { ClientRecord } from '../harness/model/ledger.js';
import { sampleArmEvidence, sampleStart } from './fixtures/sample-arm-evidence.js';
import { timeSeries } from './time-series.js';

const base = sampleArmEvidence(
  {
    experiment: 'retry',
    role: 'subject',
    seconds: 1,
    ratePerSecond: () => 1,
    fault: { kind: 'refuse', title: 'llm-2 refuses connections', fromMs: 500, untilMs: 2500 },
    answer: () => ({ status: 200, latencyMs: 10 }),
  },
  1,
);

function evidenceOf(...requests: readonly (readonly [atMs: number, status: number, latencyMs: number])[]): ArmEvidence {
  const [template] = base.client;
  const client = requests.map(
    ([atMs, status, latencyMs]) =>
      ({
        ...template,
        intendedAt: sampleStart + atMs,
        sentAt: sampleStart + atMs + 5000,
        endedAt: sampleStart + atMs + latencyMs,
        status,
      }) as ClientRecord,
  );
  return { ...base, client };
}

describe('timeSeries', () => {
  test('counts each status in the second for which its requests were planned', async () => {
    const { length, statuses } = await timeSeries(
      await ledgerOf(evidenceOf([0, 200, 1], [999, 502, 1], [1000, 200, 1], [2999, 0, 1])),
    );
    expect(length).toBe(3);
    expect(statuses).toEqual([
      { status: 0, counts: [0, 0, 1] },
      { status: 200, counts: [1, 1, 0] },
      { status: 502, counts: [1, 0, 0] },
    ]);
  });

  test('measures latency from the planned send time, whatever the generator made of it', async () => {
    const { p50Ms, p99Ms } = await timeSeries(await ledgerOf(evidenceOf([0, 200, 30], [100, 200, 10], [200, 200, 20])));
    expect(p50Ms).toEqual([20]);
    expect(p99Ms).toEqual([30]);
  });

  test('has no latency for a second without requests', async () => {
    const { p50Ms, p99Ms } = await timeSeries(await ledgerOf(evidenceOf([0, 200, 30], [2100, 200, 50])));
    expect(p50Ms).toEqual([30, null, 50]);
    expect(p99Ms).toEqual([30, null, 50]);
  });

  test('counts a request from just before the announced start in the first second', async () => {
    expect((await timeSeries(await ledgerOf(evidenceOf([-3, 200, 30])))).statuses).toEqual([
      { status: 200, counts: [1] },
    ]);
  });

  test('shows a fault from its confirmation until the confirmation of its heal, with its error', async () => {
    const faults = base.faults.map((fault) => ({ ...fault, error: 'healing was refused at first' }));
    expect((await timeSeries(await ledgerOf({ ...base, faults }))).faults).toEqual([
      { title: 'llm-2 refuses connections', fromMs: 512, untilMs: 2509, error: 'healing was refused at first' },
    ]);
  });

  test('is empty when the load never started', async () => {
    expect(await timeSeries(await ledgerOf({ ...base, startedAt: undefined }))).toEqual({
      arm: 'retry.subject',
      length: 0,
      statuses: [],
      p50Ms: [],
      p99Ms: [],
      faults: [],
    });
  });
});
