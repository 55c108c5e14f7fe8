import { describe, expect, test } from 'vitest';
import type { RateLimitPolicy } from '../model/policy.js';
import { longestDelayMs, refillPerSecond, TokenBucket } from './rate-limit.js';

function limit(average: number, burst: number, periodMs = 1_000): RateLimitPolicy {
  return { kind: 'rate-limit', average, burst, periodMs, key: { by: 'peer-address' } };
}

/** Which of one client's requests are admitted. */
function predictAdmissions(policy: RateLimitPolicy, arrivals: readonly number[]): boolean[] {
  const bucket = new TokenBucket(policy);
  return arrivals.map((at) => bucket.admits(at));
}

/** Arrivals at a steady rate over `forMs`, from a whole second of the clock on. */
function offered(ratePerSecond: number, forMs: number, from = 1_795_475_000_000): number[] {
  return Array.from({ length: (ratePerSecond * forMs) / 1000 }, (_, place) => from + (place * 1000) / ratePerSecond);
}

function admitted(policy: RateLimitPolicy, arrivals: readonly number[]): number {
  return predictAdmissions(policy, arrivals).filter(Boolean).length;
}

describe('a bucket that is asked for more than its rate', () => {
  test.each([60, 100, 400, 1500])('admits B + rT: 550 in 10 s of %i/s with r = 50 and B = 50', (rate) => {
    expect(Math.abs(admitted(limit(50, 50), offered(rate, 10_000)) - 550)).toBeLessThanOrEqual(2);
  });

  test('admits everything at or below its rate', () => {
    expect(admitted(limit(50, 50), offered(50, 10_000))).toBe(500);
  });

  test('holds a budget per minute: 200 at once, then 100 a minute', () => {
    const arrivals = [
      ...Array.from({ length: 300 }, () => 1_795_475_000_000),
      ...offered(5, 60_000, 1_795_475_000_200),
    ];
    const decisions = predictAdmissions(limit(100, 200, 60_000), arrivals);
    expect(decisions.slice(0, 300).filter(Boolean)).toHaveLength(200);
    expect(Math.abs(decisions.slice(300).filter(Boolean).length - 100)).toBeLessThanOrEqual(1);
  });
});

describe('a burst from a full bucket', () => {
  test.each([
    [15, 10, 10],
    [10, 10, 10],
    [4, 10, 4],
  ])('of %i with B = %i passes %i', (size, burst, passed) => {
    expect(admitted(limit(10, burst, 60_000), offered(1000, size))).toBe(passed);
  });

  test('of 0 is a burst of 1: Traefik takes the greater of the two', () => {
    expect(admitted(limit(10, 0), offered(1, 3_000))).toBe(3);
  });
});

describe('a request past the tokens', () => {
  test('is held back up to half a gap between tokens, and rejected beyond that', () => {
    const at = 1_795_475_000_000;
    expect(predictAdmissions(limit(10, 1), [at, at + 51])).toEqual([true, true]);
    expect(predictAdmissions(limit(10, 1), [at, at + 49])).toEqual([true, false]);
  });

  test('takes nothing when it is rejected', () => {
    const at = 1_795_475_000_000;
    expect(predictAdmissions(limit(10, 1), [at, at + 10, at + 20, at + 30, at + 51])).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  test.each([
    [limit(10, 1), 50],
    [limit(100, 1, 60_000), 500],
    [limit(5, 1, 60_000), 500],
    [limit(250, 1, 100_000), 250],
  ])('waits at most 1/(2⌊r⌋) s, half a second below one per second (case %#)', (policy, delayMs) => {
    expect(longestDelayMs(policy)).toBe(delayMs);
  });
});

describe('a bucket that was not asked for a while', () => {
  const at = 1_795_475_000_000;
  /** How many of 150 at once pass after a burst of 150 and a pause. */
  const afterPause = (policy: RateLimitPolicy, pauseMs: number): number => {
    const burst = Array.from({ length: 150 }, () => at);
    return predictAdmissions(policy, [...burst, ...burst.map(() => at + pauseMs)])
      .slice(150)
      .filter(Boolean).length;
  };

  test('is forgotten after 2 s and then full: 100 pass, where arithmetic says 21', () => {
    expect(afterPause(limit(10, 100), 2_100)).toBe(100);
  });

  test('holds what it gained while it is remembered', () => {
    expect(afterPause(limit(10, 100), 900)).toBe(9);
  });

  test('is remembered for 1 + ⌊1/r⌋ s below one per second: at 10 a minute 7.2 s refill it', () => {
    expect(afterPause(limit(10, 10, 60_000), 7_200)).toBe(10);
    expect(afterPause(limit(10, 10, 60_000), 5_900)).toBe(1);
  });

  test('is forgotten on whole seconds of the clock: 1.2 s are enough when they end two seconds further', () => {
    // Traefik's map (mailgun/ttlmap) keeps the expiry in epoch seconds: 0.9 s + 2 is second 2, which 2.1 s has reached.
    const burst = Array.from({ length: 100 }, () => at + 900);
    const next = Array.from({ length: 100 }, () => at + 2_100);
    expect(admitted(limit(10, 100), [...burst, ...next])).toBe(200);
  });
});

test('an average of 0 is no limit', () => {
  expect(admitted(limit(0, 1), offered(100, 1_000))).toBe(100);
});

test('the refill is the average over the period', () => {
  expect(refillPerSecond(limit(100, 200, 60_000))).toBeCloseTo(1.667, 3);
});
