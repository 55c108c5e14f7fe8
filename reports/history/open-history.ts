import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { loadSqlite } from './load-sqlite.js';
import { migrate } from './migrate.js';
import { RunHistory } from './run-history.js';

/**
 * Opens the run history in `file`, which is created where it is missing. Several processes may have it open.
 *
 * @throws {GauntletError} when better-sqlite3 does not load, or the file is none of ours or cannot be opened
 */
export async function openHistory(file: string): Promise<RunHistory> {
  const Sqlite = await loadSqlite();
  let database: Database | undefined;
  try {
    await mkdir(dirname(file), { recursive: true });
    database = new Sqlite(file);
    database.pragma('journal_mode = WAL');
    database.pragma('foreign_keys = ON');
    migrate(database);
    return new RunHistory(database);
  } catch (error) {
    database?.close();
    if (error instanceof GauntletError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new GauntletError(`Cannot open the run history ${file}: ${message}`, {
      hint: 'Name another file, or move this one away: it is rebuilt from the next run on.',
      cause: error,
    });
  }
}
