import { setTimeout as delay } from 'node:timers/promises';
import { HistoryError } from './history-error.js';

/** Longest pause between two tries. Random, so that instances which wait for each other do not keep step. */
const LONGEST_PAUSE_MS = 8;

/**
 * Does a piece of synchronous work on the database, again and again while another process holds the lock it needs.
 * SQLite's own busy timeout would block the thread: searches would wait behind a write that waits.
 * @param patienceMs milliseconds after which no further try begins
 * @throws HistoryError `busy` when the lock was never free; whatever else `work` throws.
 */
export async function retryBusy<T>(work: () => T, patienceMs: number): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() >= end) {
        throw new HistoryError('busy', `The history was locked by other instances for ${patienceMs} ms.`, {
          cause: error,
        });
      }
    }
    await delay(1 + Math.random() * (LONGEST_PAUSE_MS - 1));
  }
}

/** Whether SQLite refused because of another process: `SQLITE_BUSY` and its kinds, such as a recovery that is going on. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
