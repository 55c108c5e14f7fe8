import type { EnvReader } from '../settings/env-reader.js';
import type { Retention } from './visit.js';

/** How the history is kept. */
export interface HistorySettings {
  /** The database file; several instances on one machine may share it. */
  readonly file: string;
  /** The native part of better-sqlite3; looked for in `node_modules` when undefined. */
  readonly addon: string | undefined;
  /** The one folder whose files can be imported; undefined means that nothing can. */
  readonly importFolder: string | undefined;
  readonly retention: Retention;
}

/** Reads the settings of the history; undefined without `HISTORY_DB`, and then nothing of it is loaded. */
export function readHistorySettings(reader: EnvReader): HistorySettings | undefined {
  const file = reader.optional(
    'HISTORY_DB',
    'a file',
    'The browser history, which instances may share; unset for none.',
  );
  if (file === undefined) return undefined;
  return {
    file,
    addon: reader.optional('HISTORY_ADDON', 'a file', "The native part of better-sqlite3; else node_modules' own."),
    importFolder: reader.optional(
      'HISTORY_IMPORT_DIR',
      'a folder',
      'The one whose files can be imported; unset for none.',
    ),
    retention: {
      maxAgeDays: reader.number({
        name: 'HISTORY_MAX_AGE_DAYS',
        fallback: 90,
        min: 1,
        max: 36_500,
        hint: 'Pages not visited for longer are forgotten.',
      }),
      maxPages: reader.number({
        name: 'HISTORY_MAX_PAGES',
        fallback: 100_000,
        min: 1,
        max: 10_000_000,
        hint: 'Beyond it the pages visited longest ago are forgotten.',
      }),
    },
  };
}
