import type { GeneratorAccuracy, MeasuredError } from '../../harness/model/generator-accuracy.js';
import type { Calibration } from './calibration-schema.js';
import type { ErrorSummary } from './summarise-errors.js';

/**
 * What a run keeps of the calibration before it: the errors under its first load, which is the usual one of a short
 * calibration, and every bound that does not hold.
 *
 * @throws Error when the calibration has no load
 */
export function accuracyOf({ outcome, verdicts, loads: [load] }: Calibration): GeneratorAccuracy {
  if (load === undefined) throw new Error('the calibration measured no load');
  const doubted = verdicts.filter((verdict) => verdict.outcome !== 'pass');
  const reason = doubted
    .map(({ claim, expected, measured }) => `${claim}: ${measured} (expected ${expected})`)
    .join('; ');
  const { ttft, gap, latency } = load.errors;
  return {
    outcome,
    ...(doubted.length > 0 && { reason }),
    ratePerSecond: load.ratePerSecond,
    ttft: figures(ttft),
    gap: figures(gap),
    latency: figures(latency),
  };
}

function figures({ biasMs, p99Ms }: ErrorSummary): MeasuredError {
  return { biasMs, p99Ms };
}
