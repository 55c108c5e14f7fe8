import type { GeneratorAccuracy } from './generator-accuracy.js';
import type { Link } from './link.js';
import type { RoutePolicy } from './policy.js';
import type { Traffic } from './traffic.js';

/** One arm as it was run. */
export interface RecordedArm {
  readonly name: string;
  readonly experiment: string;
  readonly role: 'subject' | 'control';
  readonly policy: RoutePolicy;
  readonly links: readonly Link[];
  readonly traffic: Traffic;
  /** Epoch milliseconds of the start of the load; absent when the generator never started. */
  readonly startedAt?: number | undefined;
  /** How the load generator ended, with its own error lines. */
  readonly load?: { readonly exitCode: number | null; readonly errors: readonly string[] } | undefined;
}

/**
 * What a run did, apart from the evidence itself: the content of `recording.json`. Together with the evidence files it
 * is all that judging needs.
 */
export interface Recording {
  readonly run: string;
  readonly profile: string;
  readonly runtime: 'docker' | 'process';
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  /** How exactly the load generator measured directly before the run; absent when nobody asked. */
  readonly calibration?: GeneratorAccuracy | undefined;
  readonly arms: readonly RecordedArm[];
}

/** Files of a run's folder, relative to it. */
export const runFiles = {
  recording: 'recording.json',
  run: 'run.json',
  junit: 'junit.xml',
  report: 'report.html',
  /** Folder of the calibration that came before the run, when there was one. */
  calibration: 'calibration',
  /** Folder of everything that was recorded. */
  evidence: 'evidence',
  accessLog: 'evidence/gateway/access.log',
  scrapes: 'evidence/gateway/metrics.ndjson',
  journals: 'evidence/service',
  faults: 'evidence/injector.ndjson',
  /** Folder of an arm's client evidence. */
  client: (arm: string) => `evidence/client/${arm}`,
  /** The records of k6's exchanges inside that folder. */
  clientRecords: 'exchanges.ndjson',
  /** What the evidence says, as a DuckDB database. */
  ledger: 'ledger.duckdb',
} as const;
