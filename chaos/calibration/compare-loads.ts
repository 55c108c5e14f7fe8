import type { Calibration } from './calibration-schema.js';
import { compareRuns } from './compare-runs.js';
import type { SteadyLoad } from './measure-steady.js';
import type { Measure } from './measurement-errors.js';

type Comparison = Calibration['comparisons'][number];

/** Which quantiles are compared, and what does not count as a change: no less than the generator's own error may be. */
const quantiles = [
  { quantile: 0.5, bandMs: 0.5 },
  { quantile: 0.95, bandMs: 3 },
];

/** Compares two loads in every quantile of every measure. */
export function compareLoads(first: SteadyLoad, second: SteadyLoad): Comparison[] {
  const measures: readonly Measure[] = ['ttft', 'gap', 'latency'];
  return measures.flatMap((measure) =>
    quantiles.map(({ quantile, bandMs }) => compareMeasure(first, second, measure, quantile, bandMs)),
  );
}

/** Compares two loads in one quantile of one measure. */
export function compareMeasure(
  first: SteadyLoad,
  second: SteadyLoad,
  measure: Measure,
  quantile: number,
  bandMs: number,
): Comparison {
  const found = compareRuns(first.errors.measured[measure], second.errors.measured[measure], quantile, bandMs);
  const known = (ms: number): number | null => (Number.isNaN(ms) ? null : ms);
  return {
    first: first.load.name,
    second: second.load.name,
    measure,
    quantile,
    bandMs,
    change: found.change,
    differenceMs: known(found.differenceMs),
    lowMs: known(found.lowMs),
    highMs: known(found.highMs),
  };
}
