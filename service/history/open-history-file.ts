import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { StartError } from '../start-error.js';
import { networkFileSystem } from './network-file-system.js';
import type { OpenSqlite } from './open-database.js';
import { retryBusy } from './retry-busy.js';
import { prepareSchema } from './schema.js';

/** Another instance may be recovering the file after a crash, which is over in far less. */
const OPEN_PATIENCE_MS = 10_000;
/** Longest time for which SQLite itself blocks the history's thread. */
const BUSY_TIMEOUT_MS = 10;

/**
 * Opens the history's file, which is created where it is missing.
 * @throws StartError when it cannot be opened, is not ours, or lies where a write-ahead log does not work.
 */
export async function openHistoryFile(openSqlite: OpenSqlite, file: string): Promise<Database> {
  let database: Database | undefined;
  try {
    await refuseNetworkFile(file);
    database = openSqlite(file, { timeout: BUSY_TIMEOUT_MS });
    const opened = database;
    await retryBusy(() => useWriteAheadLog(opened), OPEN_PATIENCE_MS);
    await retryBusy(() => prepareSchema(opened), OPEN_PATIENCE_MS);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof StartError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `HISTORY_DB ${file} cannot be opened: ${reason}. Name a file in a folder that can be written.`,
      {
        cause: error,
      },
    );
  }
}

async function refuseNetworkFile(file: string): Promise<void> {
  const name = networkFileSystem((await statfs(dirname(file))).type);
  if (name === undefined) return;
  throw new StartError(
    `HISTORY_DB ${file} lies on a network file system (${name}), where instances cannot share a database. Name a file on a disk of this machine.`,
  );
}

function useWriteAheadLog(database: Database): void {
  const mode = database.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal') {
    throw new StartError(
      `HISTORY_DB ${database.name} lies where SQLite cannot keep a write-ahead log. Name a file on a disk of this machine.`,
    );
  }
  // No commit waits for the disk: a crash of the process loses nothing, one of the machine the latest commits at most.
  database.pragma('synchronous = NORMAL');
  database.pragma('foreign_keys = ON');
  // What is forgotten is overwritten, not only unlinked.
  database.pragma('secure_delete = ON');
}
