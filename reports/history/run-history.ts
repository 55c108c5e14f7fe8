import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { Outcome } from '../../harness/model/outcome.js';
import type { ExperimentResult, Run } from '../../harness/model/run.js';
import { outcomeSchema } from '../outcome-schema.js';

/** One run as the history lists it; the whole of it is in its folder. */
export interface PastRun
  extends Pick<Run, 'run' | 'outcome' | 'profile' | 'runtime' | 'versions' | 'seed' | 'startedAt' | 'durationMs'> {
  /** The run's folder, as it was recorded. */
  readonly folder: string;
  /** In the run's order. */
  readonly experiments: readonly PastExperiment[];
}

/** What became of one experiment of a past run. */
export interface PastExperiment {
  readonly id: string;
  readonly outcome: Outcome;
  /** Why it was not a pass. */
  readonly reason?: string | undefined;
  /** Its verdicts, in the experiment's order. */
  readonly verdicts: readonly { readonly check: string; readonly outcome: Outcome }[];
}

const runRows = z.array(
  z.object({
    run: z.string(),
    folder: z.string(),
    outcome: outcomeSchema,
    profile: z.string(),
    runtime: z.enum(['docker', 'process']),
    versions: z.string().transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
    seed: z.number(),
    startedAt: z.string(),
    durationMs: z.number(),
  }),
);
const experimentRows = z.array(z.object({ id: z.string(), outcome: outcomeSchema, reason: z.string().nullable() }));
const verdictRows = z.array(z.object({ check: z.string(), outcome: outcomeSchema }));

/** The runs of one machine or repository, in one SQLite file. Closing twice is harmless. */
export class RunHistory implements Disposable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds the run, or replaces what an earlier judging of the same run came to. */
  record(run: Run, folder: string): void {
    this.#database
      .transaction(() => {
        this.#database.prepare('DELETE FROM runs WHERE run = ?').run(run.run);
        this.#insert('runs', {
          run: run.run,
          folder,
          outcome: run.outcome,
          profile: run.profile,
          runtime: run.runtime,
          versions: JSON.stringify(run.versions),
          seed: run.seed,
          started_at: run.startedAt,
          duration_ms: run.durationMs,
        });
        for (const [position, experiment] of run.experiments.entries()) this.#record(run.run, experiment, position);
      })
      .immediate();
  }

  /** The latest runs, by their start, latest first; with `experiment` only those that ran it. */
  recent(limit: number, experiment?: string): PastRun[] {
    // A run is read in three statements; the transaction keeps a writer from changing it between them.
    return this.#database.transaction(() => {
      const rows = this.#database
        .prepare(
          `SELECT run, folder, outcome, profile, runtime, versions, seed, started_at AS startedAt, duration_ms AS durationMs
           FROM runs
           WHERE @experiment IS NULL OR run IN (SELECT run FROM experiments WHERE experiment = @experiment)
           ORDER BY started_at DESC, run DESC LIMIT @limit`,
        )
        .all({ limit, experiment: experiment ?? null });
      return runRows.parse(rows).map((row) => ({ ...row, experiments: this.#experiments(row.run) }));
    })();
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #record(run: string, experiment: ExperimentResult, position: number): void {
    this.#insert('experiments', {
      run,
      experiment: experiment.id,
      position,
      title: experiment.title,
      outcome: experiment.outcome,
      reason: experiment.reason ?? null,
      control_outcome: experiment.negativeControl.outcome,
    });
    for (const [place, verdict] of experiment.verdicts.entries()) {
      this.#insert('verdicts', {
        run,
        experiment: experiment.id,
        position: place,
        check_id: verdict.check,
        kind: verdict.kind,
        policy: verdict.policy,
        outcome: verdict.outcome,
        expected: verdict.expected,
        measured: verdict.measured,
      });
    }
  }

  #insert(table: 'runs' | 'experiments' | 'verdicts', row: Readonly<Record<string, string | number | null>>): void {
    const columns = Object.keys(row);
    const places = columns.map((column) => `@${column}`);
    this.#database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`).run(row);
  }

  #experiments(run: string): PastExperiment[] {
    const rows = this.#database
      .prepare('SELECT experiment AS id, outcome, reason FROM experiments WHERE run = ? ORDER BY position')
      .all(run);
    const verdicts = this.#database.prepare(
      'SELECT check_id AS "check", outcome FROM verdicts WHERE run = ? AND experiment = ? ORDER BY position',
    );
    return experimentRows.parse(rows).map(({ reason, ...row }) => ({
      ...row,
      reason: reason ?? undefined,
      verdicts: verdictRows.parse(verdicts.all(run, row.id)),
    }));
  }
}
