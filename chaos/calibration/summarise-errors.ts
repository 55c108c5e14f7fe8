import type { Calibration } from './calibration-schema.js';
import type { MeasurementErrors } from './measurement-errors.js';
import { percentile } from './percentile.js';

/** The errors of one measure in four figures, in milliseconds; null where nothing was measured. */
export type ErrorSummary = Calibration['loads'][number]['errors']['ttft'];

/** Sums up errors: the median with its sign is the bias, the spread is of absolute values. */
export function summariseErrors(errors: readonly number[]): ErrorSummary {
  const absolute = errors.map(Math.abs);
  return {
    count: errors.length,
    biasMs: percentile(errors, 0.5),
    p99Ms: percentile(absolute, 0.99),
    worstMs: percentile(absolute, 1),
  };
}

/** The errors of every measure. */
export function summariseAll({ errors }: MeasurementErrors): Calibration['loads'][number]['errors'] {
  return {
    ttft: summariseErrors(errors.ttft),
    gap: summariseErrors(errors.gap),
    latency: summariseErrors(errors.latency),
  };
}
