import type { Database } from 'better-sqlite3';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { migrations } from './migrations.js';

/**
 * Brings the tables up to date, all steps or none. The transaction takes the write lock at once, so that of two runs that
 * open a new file together only one makes the tables.
 *
 * @throws {GauntletError} when a later version of gauntlet has written the file
 */
export function migrate(database: Database): void {
  database
    .transaction(() => {
      const version = Number(database.pragma('user_version', { simple: true }));
      if (version > migrations.length) {
        throw new GauntletError(
          `The run history ${database.name} has schema version ${version}; this gauntlet knows up to ${migrations.length}.`,
          { hint: 'Use the gauntlet that wrote it, or name another file.' },
        );
      }
      for (const step of migrations.slice(version)) database.exec(step);
      database.pragma(`user_version = ${migrations.length}`);
    })
    .immediate();
}
