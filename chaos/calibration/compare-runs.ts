import { seededRandom } from '../../scenarios/pure/seeded-random.js';
import { percentile } from './percentile.js';

/** What the comparison of two runs came to. `undecided`: the values scatter too much to tell. */
export type Change = 'no change' | 'change' | 'undecided';

/** The difference of a quantile between two runs, second less first, with the interval in which it lies. Milliseconds. */
export interface Comparison {
  readonly change: Change;
  readonly differenceMs: number;
  readonly lowMs: number;
  readonly highMs: number;
}

/** The values of a run that is to be compared, in time order. */
type Run = readonly number[];

const blocks = 20;
const resamples = 4_000;
const confidence = 0.99;

/**
 * Whether a quantile differs between two runs by more than a band: an equivalence test, so that "no change" has to be
 * shown and is not merely the absence of proof.
 *
 * Values of one run are not independent, because what disturbs one request disturbs its neighbours. So each run is cut
 * into 20 blocks of consecutive values (batch means, Law: Simulation Modeling and Analysis), the quantile is taken of
 * each block, and the difference between the means of these 20 values gets a 99 % percentile bootstrap interval (4,000
 * resamples of the blocks, drawn with a fixed seed). `no change` when the interval lies inside the band, `change` when it
 * lies outside of it, `undecided` when it crosses an edge.
 *
 * @param share the quantile, from 0 to 1
 * @param bandMs how much does not count as a change
 */
export function compareRuns(first: Run, second: Run, share: number, bandMs: number): Comparison {
  if (first.length < blocks || second.length < blocks) {
    return { change: 'undecided', differenceMs: Number.NaN, lowMs: Number.NaN, highMs: Number.NaN };
  }
  const [before, after] = [blockQuantiles(first, share), blockQuantiles(second, share)];
  const random = seededRandom(1);
  const differences = Array.from(
    { length: resamples },
    () => resampledMean(after, random) - resampledMean(before, random),
  );
  const lowMs = percentile(differences, (1 - confidence) / 2) ?? Number.NaN;
  const highMs = percentile(differences, (1 + confidence) / 2) ?? Number.NaN;
  const inside = lowMs >= -bandMs && highMs <= bandMs;
  const outside = highMs < -bandMs || lowMs > bandMs;
  return {
    change: inside ? 'no change' : outside ? 'change' : 'undecided',
    differenceMs: mean(after) - mean(before),
    lowMs,
    highMs,
  };
}

function blockQuantiles(values: Run, share: number): number[] {
  return Array.from({ length: blocks }, (_, place) => {
    const block = values.slice(
      Math.floor((place * values.length) / blocks),
      Math.floor(((place + 1) * values.length) / blocks),
    );
    return percentile(block, share) ?? Number.NaN;
  });
}

function resampledMean(values: readonly number[], random: () => number): number {
  let sum = 0;
  for (let drawn = 0; drawn < values.length; drawn++) sum += values[Math.floor(random() * values.length)] ?? 0;
  return sum / values.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
