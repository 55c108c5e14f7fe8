import type { Database } from 'better-sqlite3';
import { StartError } from '../start-error.js';

/**
 * Version 1 of the tables. A visit is known by its page and time, so that one that is sent twice counts once. A page was
 * visited as often as was recorded, or as a sender has told, whichever is more.
 * The search index holds no text of its own; triggers keep it in step with `pages`.
 */
const TABLES = `
  CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    recorded_count INTEGER NOT NULL DEFAULT 0,
    told_count INTEGER NOT NULL DEFAULT 0,
    visit_count INTEGER NOT NULL AS (max(recorded_count, told_count)),
    last_visited_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX pages_by_last_visit ON pages (last_visited_at);

  CREATE TABLE visits (
    page INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
    visited_at INTEGER NOT NULL,
    PRIMARY KEY (page, visited_at)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX visits_by_time ON visits (visited_at);

  CREATE VIRTUAL TABLE page_index USING fts5 (
    title, url, content = 'pages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
  );
  -- A word of the title says more about a page than one of its address.
  INSERT INTO page_index (page_index, rank) VALUES ('rank', 'bm25(4.0, 1.0)');
  -- Without it a deleted page's words stay in the file until the index is merged.
  INSERT INTO page_index (page_index, rank) VALUES ('secure-delete', 1);

  CREATE TRIGGER page_added AFTER INSERT ON pages BEGIN
    INSERT INTO page_index (rowid, title, url) VALUES (new.id, new.title, new.url);
  END;
  CREATE TRIGGER page_removed AFTER DELETE ON pages BEGIN
    INSERT INTO page_index (page_index, rowid, title, url) VALUES ('delete', old.id, old.title, old.url);
  END;
  CREATE TRIGGER page_renamed AFTER UPDATE OF title ON pages WHEN old.title <> new.title BEGIN
    INSERT INTO page_index (page_index, rowid, title, url) VALUES ('delete', old.id, old.title, old.url);
    INSERT INTO page_index (rowid, title, url) VALUES (new.id, new.title, new.url);
  END;
`;

/** Marks the file as ours ("GHST"), so that a browser's database that is named by mistake is left alone. */
const APPLICATION_ID = 0x47485354;
const VERSION = 1;

/**
 * Makes the tables in a new file, or makes sure that they are those of this version. Of instances that open a new file
 * together, one makes them.
 * @throws StartError when the file belongs to something else or to a later version.
 */
export function prepareSchema(database: Database): void {
  database
    .transaction(() => {
      const version = Number(database.pragma('user_version', { simple: true }));
      const owner = Number(database.pragma('application_id', { simple: true }));
      if (owner === APPLICATION_ID && version === VERSION) return;
      if (owner === APPLICATION_ID) {
        throw new StartError(
          `HISTORY_DB ${database.name} has tables of version ${version}; this service knows ${VERSION}. Use the service that wrote it, or name another file.`,
        );
      }
      if (database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) {
        throw new StartError(
          `HISTORY_DB ${database.name} is a database of another program. Name a new file; a browser's history is imported with POST /api/history/import.`,
        );
      }
      database.exec(TABLES);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${VERSION}`);
    })
    .immediate();
}
