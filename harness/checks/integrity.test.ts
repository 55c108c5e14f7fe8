import { describe, expect, test } from 'vitest';
import { retryArm, retryTimeline } from '../fixtures/retry-arm.js';
import { sampleFault } from '../fixtures/sample-fault.js';
import type { ArmLedger, ClientRecord } from '../model/ledger.js';
import { integrityProblems } from './integrity.js';

const healthy = await retryArm();

/** What is wrong with the healthy ledger after a change. */
function problemsOf(changed: Partial<ArmLedger>, timeline = retryTimeline): string[] {
  return integrityProblems({ ...healthy, ...changed }, timeline);
}

function clients(change: (record: ClientRecord, place: number) => Partial<ClientRecord>): ClientRecord[] {
  return healthy.client.map((record, place) => ({ ...record, ...change(record, place) }));
}

function withFault(change: Partial<ArmLedger['faults'][number]>): Partial<ArmLedger> {
  return { faults: healthy.faults.map((fault, place) => (place === 1 ? { ...fault, ...change } : fault)) };
}

test('a healthy ledger has no problems', () => {
  expect(problemsOf({})).toEqual([]);
});

test('gaps in the evidence are passed on in their own words', () => {
  expect(problemsOf({ gaps: ['the journal llm-2.ndjson has 1 malformed lines'] })).toEqual([
    'the journal llm-2.ndjson has 1 malformed lines',
  ]);
});

describe('the load', () => {
  test('a generator that never started', () => {
    expect(problemsOf({ startedAt: undefined })).toContain('the load generator never started');
  });

  test('a planned request without a client record', () => {
    const lost = healthy.client[70]?.requestId;
    expect(
      problemsOf({
        client: healthy.client.filter((record) => record.requestId !== lost),
        service: healthy.service.filter((arrival) => arrival.requestId !== lost),
      }),
    ).toEqual(['1 of 138 planned requests left no client record']);
  });

  test('a generator that fell behind by more than 250 ms at the 99th percentile', () => {
    const late = (count: number, ms: number) =>
      problemsOf({ client: clients((record, place) => (place < count ? { intendedAt: record.sentAt - ms } : {})) });
    expect(late(2, 400)).toEqual([
      'the load generator fell behind: 1 % of the requests left more than 400 ms late (limit 250 ms)',
    ]);
    expect(late(1, 400)).toEqual([]);
    expect(late(138, 250)).toEqual([]);
  });
});

describe('what the vantages say of one another', () => {
  const id = healthy.client.find((record) => record.status === 200)?.requestId ?? '';

  test('a request answered to the client that the access log does not know', () => {
    expect(problemsOf({ gateway: healthy.gateway.filter((record) => record.requestId !== id) })).toEqual([
      `1 request answered to the client but missing in the access log, for example ${id}`,
    ]);
  });

  test('a request that got no answer need not be in the access log', () => {
    const last = healthy.client.at(-1)?.requestId ?? '';
    expect(
      problemsOf({
        client: clients((record) => (record.requestId === last ? { status: 0 } : {})),
        gateway: healthy.gateway.filter((record) => record.requestId !== last),
      }),
    ).toEqual([]);
  });

  test('a request with two statuses', () => {
    const gateway = healthy.gateway.map((record) => (record.requestId === id ? { ...record, status: 499 } : record));
    expect(problemsOf({ gateway })).toEqual([
      `1 request with another status at the client than in the access log, for example ${id}`,
    ]);
  });

  test('a success without a line in a journal', () => {
    expect(problemsOf({ service: healthy.service.filter((arrival) => arrival.requestId !== id) })).toEqual([
      `1 request successful but in no journal of the service, for example ${id}`,
    ]);
  });

  test('a line in a journal that no client sent', () => {
    const [arrival] = healthy.service;
    if (arrival === undefined) throw new Error('nothing arrived');
    const stray = { ...arrival, requestId: 'retry.subject.9.0' };
    expect(problemsOf({ service: [...healthy.service, stray, { ...stray, requestId: 'retry.subject.9.1' }] })).toEqual([
      '2 requests in a journal of the service that no client sent, for example retry.subject.9.0',
    ]);
  });
});

describe('the gateway', () => {
  test('a reload during the measurement', () => {
    const scrapes = healthy.scrapes.map((scrape, place) => ({ ...scrape, configReloads: place < 20 ? 2 : 3 }));
    expect(problemsOf({ scrapes })).toEqual(['Traefik reloaded its configuration 1 times during the measurement']);
  });

  test('a scrape without the reload counter', () => {
    const scrapes = healthy.scrapes.map((scrape, place) =>
      place === 3 ? { ...scrape, configReloads: Number.NaN } : scrape,
    );
    expect(problemsOf({ scrapes })).toEqual(["Traefik's reload counter is missing in a scrape"]);
  });

  test('no scrape at all', () => {
    expect(problemsOf({ scrapes: [] })).toEqual(["there is no scrape of Traefik's counters"]);
  });
});

describe('the faults', () => {
  test('one that was never applied', () => {
    expect(problemsOf({ faults: healthy.faults.filter((fault) => fault.index !== 1) })).toEqual([
      'the fault "a reset-peer fault" was never applied',
    ]);
  });

  test('one that went wrong', () => {
    expect(problemsOf(withFault({ error: 'Error: status 404 from Toxiproxy' }))).toEqual([
      'the fault "a reset-peer fault" went wrong: Error: status 404 from Toxiproxy',
    ]);
  });

  test('one that came more than a second late', () => {
    const { applyingAt = 0 } = healthy.faults[1] ?? {};
    expect(problemsOf(withFault({ applyingAt: applyingAt + 1_500 }))).toEqual([
      'the fault "a reset-peer fault" came 1.5 s late',
    ]);
    expect(problemsOf(withFault({ applyingAt: applyingAt + 900 }))).toEqual([]);
  });

  test('one that did not bite', () => {
    const blunt = { fault: sampleFault('reset-peer', [1], { touched: () => 0 }), atMs: 25_000, forMs: 12_000 };
    expect(problemsOf({}, retryTimeline.with(1, blunt))).toEqual([
      'the fault "a reset-peer fault" did not bite: no traffic shows an effect of it',
    ]);
  });
});

describe('the steady state before the first fault', () => {
  const early = (place: number): boolean => place < 5;

  test('a request that failed', () => {
    const failing = (record: { requestId: string }) => record.requestId === healthy.client[2]?.requestId;
    const gateway = healthy.gateway.map((record) => (failing(record) ? { ...record, status: 500 } : record));
    expect(problemsOf({ gateway, client: clients((record) => (failing(record) ? { status: 500 } : {})) })).toEqual([
      expect.stringMatching(/^1 of 1[23] requests failed before the first fault: no steady state$/),
    ]);
  });

  test('answers that took more than half a second', () => {
    const slow = (ms: number) =>
      problemsOf({ client: clients((record, place) => (early(place) ? { endedAt: record.sentAt + ms } : {})) });
    expect(slow(700)).toEqual([
      'the machine is too busy: before the first fault 1 % of the answers took 700 ms or more (limit 500 ms)',
    ]);
    expect(slow(500)).toEqual([]);
  });

  test('no answer at all', () => {
    const { applyingAt = 0 } = healthy.faults[0] ?? {};
    const client = healthy.client.filter((record) => record.endedAt >= applyingAt);
    const sent = new Set(client.map((record) => record.requestId));
    expect(
      problemsOf({
        client,
        planned: healthy.planned.filter((arrival) => sent.has(arrival.requestId)),
        service: healthy.service.filter((arrival) => sent.has(arrival.requestId)),
      }),
    ).toEqual(['no request was answered before the first fault, so there is no steady state']);
  });

  test('is not asked for where there is no fault', () => {
    expect(problemsOf({ faults: [], client: clients((record) => ({ endedAt: record.sentAt + 900 })) }, [])).toEqual([]);
  });
});
