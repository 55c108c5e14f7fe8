import { describe, expect, test } from 'vitest';
import type { ClientGroup, Traffic } from '../../harness/model/traffic.js';
import { arrivalsOfClient, clientCount, plannedArrivals, trafficDurationMs } from './schedule.js';

function group(changed: Partial<ClientGroup>): ClientGroup {
  return {
    name: 'steady',
    count: 1,
    spreadMs: 0,
    stages: [{ fromMs: 0, untilMs: 1_000, ratePerSecond: 10 }],
    ...changed,
  };
}

function traffic(...groups: Partial<ClientGroup>[]): Traffic {
  return { groups: groups.map(group) };
}

function instants(of: Traffic, client = 1): number[] {
  return arrivalsOfClient(of, 'retry.subject', client).map((arrival) => arrival.atMs);
}

describe('the arrivals of one client', () => {
  test('are evenly spaced from the start of the stage, its end left out', () => {
    expect(instants(traffic({}))).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  });

  test.each([
    { ratePerSecond: 2.5, untilMs: 2_000, times: [0, 400, 800, 1_200, 1_600] },
    { ratePerSecond: 0.4, untilMs: 10_000, times: [0, 2_500, 5_000, 7_500] },
    { ratePerSecond: 0.4, untilMs: 2_501, times: [0, 2_500] },
    { ratePerSecond: 1, untilMs: 1, times: [0] },
    { ratePerSecond: 0, untilMs: 60_000, times: [] },
  ])('with $ratePerSecond per second for $untilMs ms', ({ ratePerSecond, untilMs, times }) => {
    expect(instants(traffic({ stages: [{ fromMs: 0, untilMs, ratePerSecond }] }))).toEqual(times);
  });

  test.each([3, 7, 30, 60, 1_500])(
    'number rate times duration, also where the gap is no whole number: %i/s',
    (rate) => {
      const times = instants(traffic({ stages: [{ fromMs: 0, untilMs: 10_000, ratePerSecond: rate }] }));
      expect(times).toHaveLength(rate * 10);
      expect(times.at(-1)).toBeLessThan(10_000);
      expect(times.at(-1)).toBeCloseTo(10_000 - 1_000 / rate, 6);
    },
  );

  test('follow one stage after another, pauses included', () => {
    const stages = [
      { fromMs: 0, untilMs: 1, ratePerSecond: 1 },
      { fromMs: 3_000, untilMs: 5_000, ratePerSecond: 1 },
      { fromMs: 5_000, untilMs: 5_500, ratePerSecond: 4 },
    ];
    expect(instants(traffic({ stages }))).toEqual([0, 3_000, 4_000, 5_000, 5_250]);
  });

  test('are in time order where stages overlap', () => {
    const stages = [
      { fromMs: 0, untilMs: 4_000, ratePerSecond: 1 },
      { fromMs: 1_500, untilMs: 3_500, ratePerSecond: 1 },
    ];
    const times = instants(traffic({ stages }));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('are none for a client that does not exist', () => {
    expect(arrivalsOfClient(traffic({ count: 3 }), 'retry.subject', 4)).toEqual([]);
    expect(arrivalsOfClient(traffic({ count: 3 }), 'retry.subject', 0)).toEqual([]);
  });
});

describe('several clients', () => {
  const two = traffic({ name: 'greedy', count: 2 }, { name: 'polite', count: 4, spreadMs: 80 });

  test('are numbered from 1 over all groups', () => {
    expect(clientCount(two)).toBe(6);
    const groups = [1, 2, 3, 4, 5, 6].map((client) => arrivalsOfClient(two, 'a.subject', client)[0]?.group);
    expect(groups).toEqual(['greedy', 'greedy', 'polite', 'polite', 'polite', 'polite']);
  });

  test('of one group start evenly over its spread', () => {
    expect([3, 4, 5, 6].map((client) => instants(two, client)[0])).toEqual([0, 20, 40, 60]);
    expect([1, 2].map((client) => instants(two, client)[0])).toEqual([0, 0]);
  });

  test('keep their spacing whatever their start', () => {
    const times = instants(two, 6);
    expect(times.slice(1).map((at, place) => at - (times[place] ?? 0))).toEqual(Array(9).fill(100));
  });
});

describe('plannedArrivals', () => {
  const all = plannedArrivals(
    traffic({ name: 'greedy', count: 3 }, { name: 'polite', count: 20, spreadMs: 1_000 }),
    'rate-limit.control',
  );

  test('are those of every client', () => {
    expect(all).toHaveLength(23 * 10);
    expect(new Set(all.map((arrival) => arrival.client)).size).toBe(23);
  });

  test('are in time order, and by client where they fall together', () => {
    const sorted = all.toSorted((a, b) => a.atMs - b.atMs || a.client - b.client);
    expect(all).toEqual(sorted);
    expect(all.slice(0, 4).map((arrival) => arrival.client)).toEqual([1, 2, 3, 4]);
  });

  test('have unique ids that begin with the arm', () => {
    const ids = all.map((arrival) => arrival.requestId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^rate-limit\.control\.\d+\.\d+$/.test(id))).toBe(true);
  });

  test('end before the traffic does', () => {
    const spread = traffic({ count: 5, spreadMs: 2_000 });
    const last = plannedArrivals(spread, 'a.subject').at(-1)?.atMs ?? Number.NaN;
    expect(last).toBe(900 + 1_600);
    expect(trafficDurationMs(spread)).toBeGreaterThanOrEqual(last);
    expect(trafficDurationMs(spread)).toBeLessThanOrEqual(1_000 + 2_000);
  });
});
