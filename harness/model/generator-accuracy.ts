import type { Outcome } from './outcome.js';

/** How far what a load generator measures lies from the truth, in milliseconds; null where nothing was measured. */
export interface MeasuredError {
  /** Median of measured less true. */
  readonly biasMs: number | null;
  /** 99 % of the values lie at most this far from the truth. */
  readonly p99Ms: number | null;
}

/** What a calibration directly before a run found out about its load generator on that machine. */
export interface GeneratorAccuracy {
  readonly outcome: Outcome;
  /** Which bounds it missed or could not be held against. Absent on a pass. */
  readonly reason?: string | undefined;
  /** The load under which the errors were measured. */
  readonly ratePerSecond: number;
  /** From sending a request to its first token. */
  readonly ttft: MeasuredError;
  /** Between two tokens. */
  readonly gap: MeasuredError;
  /** From sending a request to the end of its answer. */
  readonly latency: MeasuredError;
}

/** Why verdicts on measurements of this generator are not to be trusted, a sentence each; none when it is exact. */
export function accuracyProblems(calibration: GeneratorAccuracy | undefined): string[] {
  if (calibration === undefined || calibration.outcome === 'pass') return [];
  const word = calibration.outcome === 'fail' ? 'failed' : 'was inconclusive';
  return [`the calibration of the load generator before the run ${word}: ${calibration.reason ?? 'it says no reason'}`];
}

/** The errors of a generator in one line, for people. */
export function accuracyInWords({ ttft, gap, latency }: GeneratorAccuracy): string {
  return `TTFT ${inWords(ttft)}, gaps ${inWords(gap)}, latency ${inWords(latency)}`;
}

function inWords({ biasMs, p99Ms }: MeasuredError): string {
  if (biasMs === null || p99Ms === null) return 'not measured';
  return `${biasMs < 0 ? '' : '+'}${biasMs.toFixed(2)} ms (99 % within ${p99Ms.toFixed(2)} ms)`;
}
