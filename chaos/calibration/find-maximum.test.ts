import { describe, expect, test } from 'vitest';
import type { Exchange } from './exchange.js';
import { lastHeld, stepsOf } from './find-maximum.js';

/** 100 arrivals in each of `seconds` seconds. */
const planned = (seconds: number) =>
  Array.from({ length: seconds * 100 }, (_, index) => ({
    requestId: `a.${index}`,
    client: 1,
    group: 'streams',
    atMs: index * 10,
  }));

/** Their exchanges, each `lateMs` later than planned. */
const sent = (arrivals: ReturnType<typeof planned>, lateMs: (atMs: number) => number): Exchange[] =>
  arrivals.map(({ requestId, atMs }) => ({
    requestId,
    intendedAt: atMs,
    sentAt: atMs + lateMs(atMs),
    firstTokenAt: 0,
    endedAt: atMs + 100,
    gapsMs: [],
    done: true,
  }));

describe('a step of the staircase', () => {
  const arrivals = planned(3);

  test('holds when its requests leave in time', () => {
    const steps = stepsOf([100, 150, 225], { planned: arrivals, exchanges: sent(arrivals, () => 2) });
    expect(steps).toEqual([
      { ratePerSecond: 100, lateP99Ms: 2, held: true },
      { ratePerSecond: 150, lateP99Ms: 2, held: true },
      { ratePerSecond: 225, lateP99Ms: 2, held: true },
    ]);
  });

  test('does not hold when more than 1 % of them leave late', () => {
    const exchanges = sent(arrivals, (atMs) => (atMs >= 1_980 && atMs < 2_020 ? 51 : 0));
    expect(stepsOf([1, 2, 3], { planned: arrivals, exchanges }).map(({ held }) => held)).toEqual([true, false, false]);
  });

  test('does not hold when one is missing, or has no whole answer', () => {
    const all = sent(arrivals, () => 0);
    const missing = all.filter(({ requestId }) => requestId !== 'a.150');
    expect(stepsOf([1, 2, 3], { planned: arrivals, exchanges: missing }).map(({ held }) => held)).toEqual([
      true,
      false,
      true,
    ]);
    const broken = all.map((each) => (each.requestId === 'a.0' ? { ...each, done: false } : each));
    expect(stepsOf([1, 2, 3], { planned: arrivals, exchanges: broken })[0]?.held).toBe(false);
  });

  test('does not hold when nothing was sent', () => {
    expect(stepsOf([1], { planned: planned(1), exchanges: [] })).toEqual([
      { ratePerSecond: 1, lateP99Ms: null, held: false },
    ]);
  });
});

test.each([
  ['all held', [true, true, true], 300],
  ['the last did not', [true, true, false], 200],
  ['one above the first that did not held by luck', [true, false, true], 100],
  ['none held', [false, false, true], undefined],
])('the maximum when %s', (_what, held, rate) => {
  const steps = held.map((each, step) => ({ ratePerSecond: 100 * (step + 1), lateP99Ms: 1, held: each }));
  expect(lastHeld(steps)).toBe(rate);
});
