import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { loadSqlite, type OpenSqlite } from '../open-database.js';
import { openHistoryFile } from '../open-history-file.js';

/** A folder with a history's file, which is removed with all that was opened in it. */
export class HistoryFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'llm-history-'));
  readonly file = join(this.path, 'history.sqlite');
  readonly #opened: Database[] = [];

  /** Opens the history's file as the service does. */
  async open(): Promise<Database> {
    const database = await openHistoryFile(await loadSqlite(undefined), this.file);
    this.#opened.push(database);
    return database;
  }

  /** Makes a database of another program and returns its file. */
  async foreign(name: string, sql: string): Promise<string> {
    const file = join(this.path, name);
    const open: OpenSqlite = await loadSqlite(undefined);
    const database = open(file);
    database.exec(sql);
    database.close();
    return file;
  }

  [Symbol.dispose](): void {
    for (const database of this.#opened) database.close();
    rmSync(this.path, { recursive: true });
  }
}
