import { describe, expect, test } from 'vitest';
import type { CircuitBreakerPolicy } from '../model/policy.js';
import { type BreakerDecision, type BreakerResponse, ClosedBreaker, TrippedBreaker } from './circuit-breaker.js';

const policy: CircuitBreakerPolicy = {
  kind: 'circuit-breaker',
  expression: 'NetworkErrorRatio() > 0.30',
  checkPeriodMs: 100,
  fallbackDurationMs: 10_000,
  recoveryDurationMs: 10_000,
};
const start = 1_795_475_000_000;

/** Responses that end every `gapMs` from `fromMs` on, all with one status. */
function responses(status: number, count: number, fromMs = 0, gapMs = 50): BreakerResponse[] {
  return Array.from({ length: count }, (_, place) => ({ endedAt: start + fromMs + place * gapMs, status }));
}

/** When the breaker trips, in milliseconds from the start. */
function tripsAt(all: readonly BreakerResponse[], changed: Partial<CircuitBreakerPolicy> = {}): number | string {
  const breaker = ClosedBreaker.of({ ...policy, ...changed });
  if (breaker === undefined) return 'undefined';
  const response = all.find((each) => breaker.tripsOn(each));
  return response === undefined ? 'never' : response.endedAt - start;
}

/** What a breaker that tripped does with all of these arrivals. */
function predictCourse(changed: CircuitBreakerPolicy, trippedAt: number, arrivals: readonly number[]) {
  const breaker = new TrippedBreaker(changed, trippedAt);
  const decisions = arrivals.map((at): BreakerDecision => breaker.decide(at));
  return { decisions, recoveringAt: breaker.recoveringAt, closedAt: breaker.closedAt };
}

describe('what counts', () => {
  test('one single 502 on an empty window trips', () => {
    expect(tripsAt(responses(502, 1))).toBe(0);
  });

  test.each([502, 504])('%i is a network error', (status) => {
    expect(tripsAt([...responses(200, 10), ...responses(status, 10, 1_000)])).not.toBe('never');
  });

  test.each([500, 503, 429, 499])('%i counts only below the line: forty of them never trip', (status) => {
    expect(tripsAt(responses(status, 40))).toBe('never');
  });

  test('20 × 502 right after 40 × 500 trip, at the first check above 30 %', () => {
    const trip = tripsAt([...responses(500, 40), ...responses(502, 20, 2_000)]);
    // 18 of 58 is the first share above 0.30; it is looked at within a check period and one gap.
    expect(trip).toBeGreaterThanOrEqual(2_000 + 17 * 50);
    expect(trip).toBeLessThanOrEqual(2_000 + 17 * 50 + 150);
  });
});

describe('the window', () => {
  test('a share at the threshold does not trip, for the condition is strict', () => {
    const mixed = responses(200, 10).map((each, place) => (place < 7 ? each : { ...each, status: 502 }));
    expect(tripsAt(mixed)).toBe('never');
    expect(tripsAt(mixed, { expression: 'NetworkErrorRatio() >= 0.30' })).toBe(450);
  });

  test('from a window full of successes, a share f of failures takes about 10·θ/f seconds', () => {
    const after = responses(502, 300, 20_000, 100).map((each, place) =>
      place % 3 === 2 ? { ...each, status: 200 } : each,
    );
    const trip = Number(tripsAt([...responses(200, 200, 0, 100), ...after]));
    expect(trip - 20_000).toBeGreaterThan(3_300);
    expect(trip - 20_000).toBeLessThan(4_700);
  });

  test('a share of failures below the threshold never trips', () => {
    const share = responses(200, 400).map((each, place) => (place % 4 === 3 ? { ...each, status: 502 } : each));
    expect(tripsAt(share)).toBe('never');
  });

  test('forgets by buckets of one second: ten of them, the current one included', () => {
    const successes = responses(200, 10, 0, 50);
    const failures = (fromMs: number) => responses(502, 3, fromMs, 200);
    expect(tripsAt([...successes, ...failures(9_000)])).toBe('never');
    expect(tripsAt([...successes, ...failures(10_000)])).toBe(10_000);
  });
});

describe('the check', () => {
  test('happens at most once per check period, when a response ends', () => {
    const all = [...responses(200, 10, 0, 10), ...responses(502, 100, 200, 100)];
    expect(tripsAt(all, { checkPeriodMs: 3_000 })).toBe(3_100);
  });

  test('finds a ratio that has gone down again by then', () => {
    const all = [...responses(200, 1), ...responses(502, 5, 100, 10), ...responses(200, 30, 200, 50)];
    expect(tripsAt(all, { checkPeriodMs: 1_500 })).toBe('never');
  });
});

test.each([
  'ResponseCodeRatio(500, 600, 0, 600) > 0.30',
  'LatencyAtQuantileMS(50.0) > 100',
  'NetworkErrorRatio() > 0.30 || LatencyAtQuantileMS(50.0) > 100',
  'NetworkErrorRatio() > 1',
])('is not modelled: %s', (expression) => {
  expect(tripsAt(responses(502, 10), { expression })).toBe('undefined');
});

describe('the course after a trip', () => {
  const arrivals = (fromMs: number, untilMs: number, gapMs: number): number[] =>
    Array.from({ length: (untilMs - fromMs) / gapMs }, (_, place) => start + fromMs + place * gapMs);
  /** Share of allowed ones among the arrivals of a stretch. */
  const share = (times: readonly number[], decisions: readonly string[], fromMs: number, untilMs: number): number => {
    const places = times.flatMap((at, place) => (at - start >= fromMs && at - start < untilMs ? [place] : []));
    return places.filter((place) => decisions[place] === 'allow').length / places.length;
  };

  test('denies everything during the fallback time', () => {
    const { decisions, recoveringAt } = predictCourse(policy, start, arrivals(10, 10_000, 50));
    expect(new Set(decisions)).toEqual(new Set(['deny']));
    expect(recoveringAt).toBeUndefined();
  });

  test('denies the first request after it, however late that comes', () => {
    expect(predictCourse(policy, start, [start + 60_000])).toMatchObject({
      decisions: ['deny'],
      recoveringAt: start + 60_000,
      closedAt: undefined,
    });
  });

  test('passes half of the requests of the recovery time, t/D of those at t', () => {
    const times = arrivals(10_000, 20_000, 5);
    const { decisions } = predictCourse(policy, start, times);
    expect(share(times, decisions, 10_000, 20_000)).toBeCloseTo(0.5, 2);
    for (const [bin, centre] of [0.08, 0.25, 0.42, 0.58, 0.75, 0.92].entries()) {
      const from = 10_000 + (bin * 10_000) / 6;
      expect(Math.abs(share(times, decisions, from, from + 10_000 / 6) - centre)).toBeLessThan(0.02);
    }
  });

  test('at low traffic denies two at least, and passes none before two thirds of the time', () => {
    const denials = [10_000, 16_600];
    expect(
      predictCourse(
        policy,
        start,
        [...denials, 16_700].map((at) => start + at),
      ).decisions.at(-1),
    ).toBe('allow');
    expect(
      predictCourse(
        policy,
        start,
        [...denials, 16_660].map((at) => start + at),
      ).decisions.at(-1),
    ).toBe('deny');
    expect(
      predictCourse(
        policy,
        start,
        [10_000, 19_900].map((at) => start + at),
      ).decisions,
    ).toEqual(['deny', 'deny']);
  });

  test('closes with the first request after the recovery time and stays closed', () => {
    const course = predictCourse(
      policy,
      start,
      [10_000, 20_000, 20_001, 20_002].map((at) => start + at),
    );
    expect(course.decisions.slice(2)).toEqual(['allow', 'allow']);
    expect(course.closedAt).toBe(start + 20_001);
  });

  test('changes only on requests: an idle breaker still makes its first caller pay', () => {
    const course = predictCourse(
      policy,
      start,
      [90_000, 90_100].map((at) => start + at),
    );
    expect(course).toMatchObject({ decisions: ['deny', 'deny'], closedAt: undefined });
  });
});
