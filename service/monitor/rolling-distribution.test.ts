import { expect, it } from 'vitest';
import { RollingDistribution } from './rolling-distribution.js';

it('tells quantiles within 2.5 % of the true ones, over five orders of magnitude', () => {
  const rolling = new RollingDistribution();
  const values = Array.from({ length: 2000 }, (_, index) => 0.1 * 10 ** (5 * (index / 1999)));
  for (const value of values) rolling.record(value);
  const read = rolling.read();
  expect(read.count).toBe(2000);
  for (const [share, ms] of [
    [0.5, read.p50Ms],
    [0.95, read.p95Ms],
    [0.99, read.p99Ms],
  ] as const) {
    const truth = values[Math.ceil(share * 2000) - 1] ?? 0;
    expect(Math.abs(ms / truth - 1)).toBeLessThan(0.026);
  }
  expect(read.maxMs).toBe(10_000);
});

it('forgets slice by slice what is older than the window', () => {
  let now = 0;
  const rolling = new RollingDistribution({ windowMs: 60_000, slices: 12, now: () => now });
  rolling.record(500);
  now = 30_000;
  rolling.record(100);
  expect(rolling.read()).toMatchObject({ count: 2, maxMs: 500 });
  now = 60_000;
  expect(rolling.read()).toMatchObject({ count: 1, maxMs: 100 });
  now = 90_000;
  expect(rolling.read()).toEqual({ count: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0 });
  rolling.record(7);
  expect(rolling.read()).toMatchObject({ count: 1, p50Ms: 7, maxMs: 7 });
});

it('takes what lies outside its range for its ends', () => {
  const rolling = new RollingDistribution();
  rolling.record(0);
  rolling.record(10 ** 9);
  expect(rolling.read()).toMatchObject({ count: 2, p50Ms: 0.05, maxMs: 10 ** 9 });
});
