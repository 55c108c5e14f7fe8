import type { GeneratorAccuracy } from './generator-accuracy.js';
import type { Outcome } from './outcome.js';
import type { Verdict } from './verdict.js';

/** What became of one experiment. */
export interface ExperimentResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: Outcome;
  /** Why it is not a pass, in one sentence. Absent on a pass. */
  readonly reason?: string | undefined;
  /** What the arm without the protection came to. `fail` is what it is there for: it shows that the checks can fail. */
  readonly negativeControl: { readonly outcome: Outcome; readonly reason: string };
  readonly verdicts: readonly Verdict[];
}

/** A finished run: the content of `run.json` and the only thing that reports are made from, besides the ledger's time series. */
export interface Run {
  readonly schemaVersion: 1;
  readonly run: string;
  readonly outcome: Outcome;
  readonly profile: string;
  readonly runtime: 'docker' | 'process';
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** How exactly the load generator measured directly before the run; absent when nobody asked. */
  readonly calibration?: GeneratorAccuracy | undefined;
  readonly experiments: readonly ExperimentResult[];
}
