import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { StartError } from '../start-error.js';

/** The constructor of better-sqlite3, bound to its native part. */
export type OpenSqlite = (file: string | Buffer, options?: Sqlite.Options) => Sqlite.Database;

/**
 * Loads better-sqlite3. Only its native part is looked up on the disk; the rest is part of the bundled service. Nothing
 * imports it statically, because a service without a history has to start where the native part was never built.
 * @param addon the file of the native part; looked for in `node_modules` when undefined
 * @throws StartError when it is not there or does not load.
 */
export async function loadSqlite(addon: string | undefined): Promise<OpenSqlite> {
  const nativeBinding = addon === undefined ? findAddon() : resolve(addon);
  if (nativeBinding === undefined || !existsSync(nativeBinding)) {
    const where = nativeBinding === undefined ? 'no better-sqlite3 was found' : `${nativeBinding} does not exist`;
    throw new StartError(
      `HISTORY_DB needs the native part of better-sqlite3, and ${where}. Run npm rebuild better-sqlite3, or set HISTORY_ADDON to its better_sqlite3.node.`,
    );
  }
  const { default: Database } = await import('better-sqlite3');
  const open: OpenSqlite = (file, options) => new Database(file as string, { ...options, nativeBinding });
  try {
    open(':memory:').close();
  } catch (cause) {
    throw new StartError(
      `HISTORY_ADDON ${nativeBinding} does not load: ${cause instanceof Error ? cause.message : String(cause)}. It has to be built for Node ${process.versions.node} on ${process.platform} ${process.arch}.`,
      { cause },
    );
  }
  return open;
}

function findAddon(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve('better-sqlite3/package.json');
    return join(dirname(manifest), 'build/Release/better_sqlite3.node');
  } catch {
    return undefined;
  }
}
