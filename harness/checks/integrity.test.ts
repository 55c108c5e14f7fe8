import { describe, expect, test } from 'vitest';
import type { ArmEvidence } from '../fixtures/arm-evidence.js';
import { ledgerOf } from '../fixtures/ledger-of.js';
import { retryArm, retryTimeline } from '../fixtures/retry-arm.js';
import { sampleFault } from '../fixtures/sample-fault.js';
import { simulatedStart } from '../fixtures/simulate-arm.js';
import type { ClientRecord } from '../model/ledger.js';
import { integrityProblems } from './integrity.js';

const healthy = await retryArm();

/** What is wrong with the healthy ledger after a change. */
function problemsOf(changed: Partial<ArmEvidence>, timeline = retryTimeline): Promise<string[]> {
  return ledgerOf({ ...healthy, ...changed }).then((ledger) => integrityProblems(ledger, timeline));
}

function clients(change: (record: ClientRecord, place: number) => Partial<ClientRecord>): ClientRecord[] {
  return healthy.client.map((record, place) => ({ ...record, ...change(record, place) }));
}

function withFault(change: Partial<ArmEvidence['faults'][number]>): Partial<ArmEvidence> {
  return { faults: healthy.faults.map((fault, place) => (place === 1 ? { ...fault, ...change } : fault)) };
}

test('a healthy ledger has no problems', async () => {
  expect(await problemsOf({})).toEqual([]);
});

test('gaps in the evidence are passed on in their own words', async () => {
  expect(await problemsOf({ gaps: ['the journal llm-2.ndjson has 1 malformed lines'] })).toEqual([
    'the journal llm-2.ndjson has 1 malformed lines',
  ]);
});

describe('the load', () => {
  test('a generator that never started', async () => {
    expect(await problemsOf({ startedAt: undefined })).toContain('the load generator never started');
  });

  test('a planned request without a client record', async () => {
    const lost = healthy.client[70]?.requestId;
    expect(
      await problemsOf({
        client: healthy.client.filter((record) => record.requestId !== lost),
        service: healthy.service.filter((arrival) => arrival.requestId !== lost),
      }),
    ).toEqual(['1 of 138 planned requests left no client record']);
  });

  test('a generator that fell behind by more than 250 ms at the 99th percentile', async () => {
    const late = (count: number, ms: number) => {
      const client = clients((record, place) => (place < count ? { intendedAt: record.sentAt - ms } : {}));
      const planned = client.map(({ requestId, client: number, intendedAt }) => ({
        requestId,
        client: number,
        group: 'steady',
        atMs: intendedAt - simulatedStart,
      }));
      return problemsOf({ client, planned });
    };
    expect(await late(2, 400)).toEqual([
      'the load generator fell behind: 1 % of the requests left more than 400 ms late (limit 250 ms)',
    ]);
    expect(await late(1, 400)).toEqual([]);
    expect(await late(138, 250)).toEqual([]);
  });
});

describe('what the vantages say of one another', () => {
  const id = healthy.client.find((record) => record.status === 200)?.requestId ?? '';

  test('a request answered to the client that the access log does not know', async () => {
    expect(await problemsOf({ gateway: healthy.gateway.filter((record) => record.requestId !== id) })).toEqual([
      `1 request answered to the client but missing in the access log, for example ${id}`,
    ]);
  });

  test('a request that got no answer need not be in the access log', async () => {
    const last = healthy.client.at(-1)?.requestId ?? '';
    expect(
      await problemsOf({
        client: clients((record) => (record.requestId === last ? { status: 0, errorCode: 1050 } : {})),
        gateway: healthy.gateway.filter((record) => record.requestId !== last),
      }),
    ).toEqual([]);
  });

  test('a request with two statuses', async () => {
    const gateway = healthy.gateway.map((record) => (record.requestId === id ? { ...record, status: 499 } : record));
    expect(await problemsOf({ gateway })).toEqual([
      `1 request with another status at the client than in the access log, for example ${id}`,
    ]);
  });

  test('a success without a line in a journal', async () => {
    expect(await problemsOf({ service: healthy.service.filter((arrival) => arrival.requestId !== id) })).toEqual([
      `1 request successful but in no journal of the service, for example ${id}`,
    ]);
  });

  test('a line in a journal that no client sent', async () => {
    const [arrival] = healthy.service;
    if (arrival === undefined) throw new Error('nothing arrived');
    const stray = { ...arrival, requestId: 'retry.subject.9.0' };
    expect(
      await problemsOf({ service: [...healthy.service, stray, { ...stray, requestId: 'retry.subject.9.1' }] }),
    ).toEqual(['2 requests in a journal of the service that no client sent, for example retry.subject.9.0']);
  });
});

describe('the gateway', () => {
  test('a reload during the measurement', async () => {
    const scrapes = healthy.scrapes.map((scrape, place) => ({ ...scrape, configReloads: place < 20 ? 2 : 3 }));
    expect(await problemsOf({ scrapes })).toEqual([
      'Traefik reloaded its configuration 1 times during the measurement',
    ]);
  });

  test('a scrape without the reload counter', async () => {
    const scrapes = healthy.scrapes.map((scrape, place) =>
      place === 3 ? { ...scrape, configReloads: Number.NaN } : scrape,
    );
    expect(await problemsOf({ scrapes })).toEqual(["Traefik's reload counter is missing in a scrape"]);
  });

  test('no scrape at all', async () => {
    expect(await problemsOf({ scrapes: [] })).toEqual(["there is no scrape of Traefik's counters"]);
  });
});

describe('the faults', () => {
  test('one that was never applied', async () => {
    expect(await problemsOf({ faults: healthy.faults.filter((fault) => fault.index !== 1) })).toEqual([
      'the fault "a reset-peer fault" was never applied',
    ]);
  });

  test('one that went wrong', async () => {
    expect(await problemsOf(withFault({ error: 'Error: status 404 from Toxiproxy' }))).toEqual([
      'the fault "a reset-peer fault" went wrong: Error: status 404 from Toxiproxy',
    ]);
  });

  test('one that came more than a second late', async () => {
    const { applyingAt = 0 } = healthy.faults[1] ?? {};
    expect(await problemsOf(withFault({ applyingAt: applyingAt + 1_500 }))).toEqual([
      'the fault "a reset-peer fault" came 1.5 s late',
    ]);
    expect(await problemsOf(withFault({ applyingAt: applyingAt + 900 }))).toEqual([]);
  });

  test('one that did not bite', async () => {
    const blunt = { fault: sampleFault('reset-peer', [1], { touched: async () => 0 }), atMs: 25_000, forMs: 12_000 };
    expect(await problemsOf({}, retryTimeline.with(1, blunt))).toEqual([
      'the fault "a reset-peer fault" did not bite: no traffic shows an effect of it',
    ]);
  });
});

describe('the steady state before the first fault', () => {
  const early = (place: number): boolean => place < 5;

  test('a request that failed', async () => {
    const failing = (record: { requestId: string }) => record.requestId === healthy.client[2]?.requestId;
    const gateway = healthy.gateway.map((record) => (failing(record) ? { ...record, status: 500 } : record));
    expect(
      await problemsOf({ gateway, client: clients((record) => (failing(record) ? { status: 500 } : {})) }),
    ).toEqual([expect.stringMatching(/^1 of 1[23] requests failed before the first fault: no steady state$/)]);
  });

  test('answers that came in time after a request that left late', async () => {
    const late = ({ intendedAt }: { intendedAt: number }, place: number) =>
      early(place) ? { sentAt: intendedAt + 200, endedAt: intendedAt + 600 } : {};
    // The simulated gateway logged these requests before they left here, which is a problem of its own.
    expect(await problemsOf({ client: clients(late) })).toContain(
      'the machine is too busy: before the first fault 1 % of the answers took 600 ms or more (limit 500 ms)',
    );
  });

  test('answers that took more than half a second', async () => {
    const slow = (ms: number) =>
      problemsOf({ client: clients((record, place) => (early(place) ? { endedAt: record.intendedAt + ms } : {})) });
    expect(await slow(700)).toEqual([
      'the machine is too busy: before the first fault 1 % of the answers took 700 ms or more (limit 500 ms)',
    ]);
    expect(await slow(500)).toEqual([]);
  });

  test('no answer at all', async () => {
    const { applyingAt = 0 } = healthy.faults[0] ?? {};
    const client = healthy.client.filter((record) => record.endedAt >= applyingAt);
    const sent = new Set(client.map((record) => record.requestId));
    expect(
      await problemsOf({
        client,
        planned: healthy.planned.filter((arrival) => sent.has(arrival.requestId)),
        gateway: healthy.gateway.filter((record) => sent.has(record.requestId)),
        service: healthy.service.filter((arrival) => sent.has(arrival.requestId)),
      }),
    ).toEqual(['no request was answered before the first fault, so there is no steady state']);
  });

  test('is not asked for where there is no fault', async () => {
    expect(
      await problemsOf({ faults: [], client: clients((record) => ({ endedAt: record.sentAt + 900 })) }, []),
    ).toEqual([]);
  });
});
