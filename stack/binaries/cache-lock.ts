import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';

const pollMs = 250;

/**
 * Waits for the only right to fill the cache folder.
 *
 * The lock is the operating system's own lock on an SQLite file: it ends with the process that holds it, however that
 * ends, so there is no stale lock to tell from a live one.
 *
 * @param purpose What the holder does, for those who wait; a phrase such as `building traefik 3.7.5`.
 * @param options.onWait Called about four times a second with a phrase that says who is waited for.
 * @throws the reason of `options.signal` when it aborted during the wait.
 */
export async function lockCache(
  folder: string,
  purpose: string,
  options: { readonly signal?: AbortSignal | undefined; readonly onWait: (waitingFor: string) => void },
): Promise<AsyncDisposable> {
  const holderFile = join(folder, 'build.lock.holder');
  const database = new Database(join(folder, 'build.lock'), { timeout: 0 });
  try {
    while (!tryLock(database)) {
      options.onWait(readHolder(holderFile));
      await delay(pollMs, undefined, { signal: options.signal });
    }
    await writeFile(holderFile, `process ${process.pid}, which is ${purpose}`);
  } catch (error) {
    database.close();
    options.signal?.throwIfAborted();
    throw error;
  }
  return {
    async [Symbol.asyncDispose]() {
      await rm(holderFile, { force: true });
      database.close();
    },
  };
}

function tryLock(database: Database.Database): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') {
      return false;
    }
    throw error;
  }
}

function readHolder(holderFile: string): string {
  try {
    return readFileSync(holderFile, 'utf8');
  } catch {
    // Between taking the lock and writing the file, or between removing the file and releasing the lock.
    return 'another process';
  }
}
