import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../scenarios/pure/seeded-random.js';
import { compareRuns } from './compare-runs.js';

/** Latencies of a run: some noise, and disturbances that meet many requests in a row. */
function run(seed: number, { shiftMs = 0, tailMs = 0, length = 2_000 } = {}): number[] {
  const random = seededRandom(seed);
  let disturbedFor = 0;
  return Array.from({ length }, () => {
    if (random() < 0.002) disturbedFor = 20;
    disturbedFor -= 1;
    const tail = random() < 0.1 ? tailMs : 0;
    return 50.2 + 0.2 * random() + (disturbedFor > 0 ? 2 * random() : 0) + shiftMs + tail;
  });
}

const bandMs = 0.5;

describe('two runs', () => {
  test('of the same kind show no change', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      expect(compareRuns(run(seed), run(seed + 100), 0.5, bandMs).change, `seed ${seed}`).toBe('no change');
    }
  });

  test.each([2, -2])('of which one is shifted by %i ms show a change of that size', (shiftMs) => {
    const { change, differenceMs, lowMs, highMs } = compareRuns(run(1), run(2, { shiftMs }), 0.5, bandMs);
    expect(change).toBe('change');
    expect(differenceMs).toBeCloseTo(shiftMs, 1);
    expect(lowMs).toBeLessThan(differenceMs);
    expect(highMs).toBeGreaterThan(differenceMs);
  });

  test('of which one has another tail differ there, and not in the middle', () => {
    const [plain, tailed] = [run(1), run(2, { tailMs: 20 })];
    expect(compareRuns(plain, tailed, 0.5, bandMs).change).toBe('no change');
    expect(compareRuns(plain, tailed, 0.95, 3).change).toBe('change');
  });

  test('that differ by just the band cannot be told apart', () => {
    expect(compareRuns(run(1), run(2, { shiftMs: 0.5 }), 0.5, bandMs).change).toBe('undecided');
  });

  test('have an interval of 99 %: two blocks of twenty that are far off decide nothing', () => {
    const even = Array.from({ length: 2_000 }, () => 50);
    const twoBlocks = even.map((value, place) => (place < 200 ? value + 3 : value));
    const { change, differenceMs, lowMs, highMs } = compareRuns(even, twoBlocks, 0.5, bandMs);
    expect(change).toBe('undecided');
    expect(differenceMs).toBeCloseTo(0.3, 9);
    // Of 20 draws with a chance of 0.1 each, 99 % are from 0 to 6 (binomial), each worth 0.15 ms.
    expect([lowMs, highMs]).toEqual([0, expect.closeTo(0.9, 9)]);
  });

  test('give the same interval when they are compared again', () => {
    expect(compareRuns(run(1), run(2), 0.5, bandMs)).toEqual(compareRuns(run(1), run(2), 0.5, bandMs));
  });

  test.each([
    [0, 2_000],
    [2_000, 19],
  ])('of %i and %i values are too few to tell', (first, second) => {
    expect(compareRuns(run(1, { length: first }), run(2, { length: second }), 0.5, bandMs).change).toBe('undecided');
  });

  test('of which one met a burst of disturbances are not called changed for it', () => {
    const disturbed = run(2).map((value, place) => (place > 500 && place < 560 ? value + 30 : value));
    expect(compareRuns(run(1), disturbed, 0.5, bandMs).change).not.toBe('change');
  });
});
