/**
 * The steps from an empty file to today's tables; step `n` leads to schema version `n + 1`. Released steps are never
 * changed: files made with them exist.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    run TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    outcome TEXT NOT NULL,
    profile TEXT NOT NULL,
    runtime TEXT NOT NULL,
    versions TEXT NOT NULL,
    seed INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    duration_ms REAL NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_start ON runs (started_at);

  CREATE TABLE experiments (
    run TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
    experiment TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    control_outcome TEXT NOT NULL,
    PRIMARY KEY (run, experiment)
  ) STRICT;

  CREATE TABLE verdicts (
    run TEXT NOT NULL,
    experiment TEXT NOT NULL,
    position INTEGER NOT NULL,
    check_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    policy TEXT NOT NULL,
    outcome TEXT NOT NULL,
    expected TEXT NOT NULL,
    measured TEXT NOT NULL,
    PRIMARY KEY (run, experiment, position),
    FOREIGN KEY (run, experiment) REFERENCES experiments (run, experiment) ON DELETE CASCADE
  ) STRICT;
  `,
];
