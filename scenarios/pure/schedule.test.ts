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

describe('Poisson arrivals', () => {
  const stages = [{ fromMs: 1_000, untilMs: 61_000, ratePerSecond: 50, arrivals: 'poisson' as const }];
  const drawn = { ...traffic({ count: 2, stages }), seed: 42 };
  const gapsOf = (times: readonly number[]) => times.slice(1).map((at, place) => at - (times[place] ?? 0));

  test('number rate times duration, as constant ones do, and stay inside the stage', () => {
    const times = instants(drawn);
    expect(times).toHaveLength(3_000);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(1_000);
    expect(times.at(-1)).toBeLessThan(61_000);
  });

  test('have gaps like an exponential distribution: as many short and long ones as it predicts', () => {
    const gaps = gapsOf(instants(drawn));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(mean).toBeCloseTo(20, 0);
    // The share of gaps above k means is exp(-k); 3,000 draws leave a standard error below 0.01.
    for (const k of [0.25, 0.5, 1, 2, 3]) {
      const share = gaps.filter((gap) => gap > k * mean).length / gaps.length;
      expect(Math.abs(share - Math.exp(-k)), `share of gaps above ${k} means`).toBeLessThan(0.03);
    }
  });

  test('scatter over seconds as much as a Poisson process does', () => {
    const times = instants(drawn);
    const counts = Array.from({ length: 60 }, (_, second) => {
      const from = 1_000 + second * 1_000;
      return times.filter((at) => at >= from && at < from + 1_000).length;
    });
    const variance = counts.reduce((sum, each) => sum + (each - 50) ** 2, 0) / counts.length;
    // The variance of a Poisson count is its mean; of evenly spaced arrivals it is 0.
    expect(variance / 50).toBeGreaterThan(0.5);
    expect(variance / 50).toBeLessThan(1.6);
  });

  test('are the same for the same seed, in whichever arm, and others for another seed', () => {
    const times = (arm: string, seed: number) => arrivalsOfClient({ ...drawn, seed }, arm, 1).map(({ atMs }) => atMs);
    expect(times('a.subject', 42)).toEqual(times('a.control', 42));
    expect(times('a.subject', 43)).not.toEqual(times('a.subject', 42));
  });

  test('of different clients and stages have nothing in common', () => {
    const twice = [...stages, { ...stages[0], fromMs: 100_000, untilMs: 160_000 }] as typeof stages;
    const both = instants({ ...traffic({ stages: twice }), seed: 42 });
    const firsts = [
      instants(drawn, 1).map((at) => at - 1_000),
      instants(drawn, 2).map((at) => at - 1_000),
      both.filter((at) => at >= 100_000).map((at) => at - 100_000),
    ].map((times) => new Set(times.map((at) => at.toFixed(6))));
    expect(both).toHaveLength(6_000);
    expect([...(firsts[0] ?? [])].filter((at) => firsts[1]?.has(at) || firsts[2]?.has(at))).toEqual([]);
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
