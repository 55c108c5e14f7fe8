import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { loadSqlite } from '../reports/history/load-sqlite.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Does `work`, and beside it fetches or compiles the native part of better-sqlite3 if it cannot be loaded yet. Packages
 * are installed without their install scripts, so that compiling can go on beside the builds of the programs. Only the
 * run history needs it: when it cannot be had, opening the history says so. It is given up when `work` fails.
 *
 * @returns what `work` gives, when both are done
 */
export async function besideNativeParts<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onStart: (what: string) => void,
): Promise<T> {
  const failed = new AbortController();
  const building = ensureNativeParts(AbortSignal.any([signal, failed.signal]), onStart);
  try {
    const result = await work();
    await building;
    return result;
  } catch (error) {
    failed.abort();
    await building;
    throw error;
  }
}

/** Fetches or compiles the native part of better-sqlite3 if it cannot be loaded yet. Never rejects. */
export async function ensureNativeParts(signal: AbortSignal, onStart: (what: string) => void): Promise<void> {
  const loads = await loadSqlite().then(
    () => true,
    () => false,
  );
  if (loads || signal.aborted) return;
  onStart('For the run history, once: fetching the native part of better-sqlite3, or compiling it (about 1:15) …');
  // A group of its own, so that the compilers that npm starts can be ended with it.
  const npm = spawn('npm', ['rebuild', 'better-sqlite3', '--loglevel=error'], {
    cwd: root,
    stdio: 'ignore',
    detached: true,
  });
  signal.addEventListener('abort', () => {
    if (npm.pid !== undefined && npm.exitCode === null) process.kill(-npm.pid, 'SIGTERM');
  });
  await once(npm, 'close').catch(() => undefined);
}
