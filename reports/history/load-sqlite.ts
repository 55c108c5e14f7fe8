import type Database from 'better-sqlite3';
import { exitCodes } from '../../harness/errors/exit-code.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';

/** The constructor of better-sqlite3. */
export type Sqlite = typeof Database;

/**
 * Loads better-sqlite3 and its native part, which may not have been compiled for this machine yet. That is why nothing
 * imports it statically: reports must be readable without it.
 *
 * @throws {GauntletError} when it does not load
 */
export async function loadSqlite(
  load: () => Promise<{ default: Sqlite }> = () => import('better-sqlite3'),
): Promise<Sqlite> {
  try {
    const { default: sqlite } = await load();
    // The module looks for its native part only when a database is opened.
    new sqlite(':memory:').close();
    return sqlite;
  } catch (cause) {
    throw new GauntletError('The run history needs better-sqlite3, and its native part does not load.', {
      hint: 'npm rebuild better-sqlite3',
      exitCode: exitCodes.internalFault,
      cause,
    });
  }
}
