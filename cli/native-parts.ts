import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { loadSqlite } from '../reports/history/load-sqlite.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Fetches or compiles the native part of better-sqlite3, which the run history needs, if it cannot be loaded yet. The
 * packages are installed without their install scripts, so that this can go on beside the builds of the programs.
 * When it does not succeed, opening the history says so; a run does not depend on it.
 */
export async function ensureNativeParts(signal: AbortSignal, onStart: (what: string) => void): Promise<void> {
  const loads = await loadSqlite().then(
    () => true,
    () => false,
  );
  if (loads) return;
  onStart('setup  native part of better-sqlite3: fetching, or compiling where that is not possible (about 1:15)');
  const npm = spawn('npm', ['rebuild', 'better-sqlite3', '--loglevel=error'], { cwd: root, stdio: 'ignore', signal });
  await once(npm, 'close').catch(() => undefined);
}
