import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { HistoryCalls, HistoryStatus, ImportResult } from './history-calls.js';
import type { HistorySettings } from './history-settings.js';
import { type Forgotten, HistoryStore, type Search } from './history-store.js';
import { loadSqlite, type OpenSqlite } from './open-database.js';
import { openHistoryFile } from './open-history-file.js';
import { openBrowserHistory } from './read-browser-history.js';
import { isBusy, retryBusy } from './retry-busy.js';
import type { FoundPage, Page, RecordResult, Visit } from './visit.js';
import { VisitRecorder } from './visit-recorder.js';

/** How long a request waits for the lock. */
const PATIENCE_MS = 2000;
/** How long each part of a long task, such as an import, waits for the lock. */
const LONG_PATIENCE_MS = 30_000;
/** Visits of one transaction of an import. */
const IMPORT_CHUNK = 500;
/** Pages of one transaction that forgets: each is overwritten, which takes more than storing it. */
const FORGET_CHUNK = 100;
/**
 * SQLite copies the write-ahead log into the database by itself, but starts the log anew only when no other instance is at
 * it; under steady writing it would grow for ever. Above this size the log is emptied with all others held back.
 */
const MOST_WAL_BYTES = 16 * 1024 * 1024;
const WAL_CHECK_MS = 250;
const EXPIRY_CHECK_MS = 10 * 60_000;

type Promised<Calls> = {
  [Name in keyof Calls]: Calls[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Result>
    : never;
};

/** Everything that is done with the history's file, apart from the thread that does it. */
export class HistoryKeeper implements Promised<HistoryCalls> {
  readonly #openSqlite: OpenSqlite;
  readonly #database: Database;
  readonly #store: HistoryStore;
  readonly #recorder: VisitRecorder;
  readonly #tell: (trouble: unknown) => void;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #lockHolders = new Set<Database>();
  #expiring = false;
  #logHoldsForgotten = false;
  #closed = false;

  /**
   * @param tell is told what goes wrong in work that nobody asked for
   * @throws StartError when better-sqlite3 or the file cannot be had.
   */
  static async open(settings: HistorySettings, tell: (trouble: unknown) => void): Promise<HistoryKeeper> {
    const openSqlite = await loadSqlite(settings.addon);
    return new HistoryKeeper(openSqlite, await openHistoryFile(openSqlite, settings.file), settings, tell);
  }

  private constructor(
    openSqlite: OpenSqlite,
    database: Database,
    { retention }: HistorySettings,
    tell: (trouble: unknown) => void,
  ) {
    this.#tell = tell;
    this.#openSqlite = openSqlite;
    this.#database = database;
    this.#store = new HistoryStore(database, retention);
    this.#recorder = new VisitRecorder(this.#store, PATIENCE_MS);
    this.#timers = [
      setInterval(() => this.#limitLog(), WAL_CHECK_MS),
      setInterval(() => void this.#expire(), EXPIRY_CHECK_MS),
    ];
    void this.#expire();
  }

  record(visits: readonly Visit[]): Promise<RecordResult> {
    return this.#recorder.record(visits);
  }

  search(search: Search): Promise<FoundPage[]> {
    return retryBusy(() => this.#store.search(search), PATIENCE_MS);
  }

  recent(limit: number, offset: number): Promise<Page[]> {
    return retryBusy(() => this.#store.recent(limit, offset), PATIENCE_MS);
  }

  async forget(which: Forgotten): Promise<number> {
    let forgotten = 0;
    for (;;) {
      const { pages, visits } = await retryBusy(() => this.#store.forget(which, FORGET_CHUNK), PATIENCE_MS);
      forgotten += pages;
      if ('url' in which || (pages < FORGET_CHUNK && visits < FORGET_CHUNK)) break;
      await turn();
    }
    // The log still holds what was there before.
    this.#logHoldsForgotten = !this.#emptyLog();
    return forgotten;
  }

  async importFile(file: string): Promise<ImportResult> {
    using history = await openBrowserHistory(this.#openSqlite, file);
    const total = { recorded: 0, duplicates: 0, expired: 0, skipped: 0 };
    for (;;) {
      const part = history.next(IMPORT_CHUNK);
      if (part === undefined) break;
      const [result] = await retryBusy(() => this.#store.record([part.visits]), LONG_PATIENCE_MS);
      total.recorded += result?.recorded ?? 0;
      total.duplicates += result?.duplicates ?? 0;
      total.expired += result?.expired ?? 0;
      total.skipped += part.skipped;
      await turn();
    }
    return { browser: history.browser, ...total };
  }

  async holdLock(forMs: number): Promise<void> {
    // A connection of its own, as another instance has: this one goes on and has to wait for it.
    const other = this.#openSqlite(this.#database.name, { timeout: 0 });
    try {
      await retryBusy(() => other.exec('BEGIN IMMEDIATE'), PATIENCE_MS);
    } catch (error) {
      other.close();
      throw error;
    }
    this.#lockHolders.add(other);
    setTimeout(() => this.#letGo(other), forMs).unref();
  }

  async status(): Promise<HistoryStatus> {
    const pages = await retryBusy(() => this.#store.countPages(), PATIENCE_MS);
    return { pages, walBytes: this.#walBytes() };
  }

  /** Empties the log into the database and closes it. What was accepted before must have been answered. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const other of this.#lockHolders) this.#letGo(other);
    this.#emptyLog();
    this.#database.close();
  }

  /** Closing a connection ends its transaction. */
  #letGo(other: Database): void {
    this.#lockHolders.delete(other);
    other.close();
  }

  async #expire(): Promise<void> {
    if (this.#expiring) return;
    this.#expiring = true;
    try {
      while (!this.#closed && (await retryBusy(() => this.#store.expire(FORGET_CHUNK), LONG_PATIENCE_MS))) await turn();
    } catch (error) {
      if (!this.#closed) this.#tell(error);
    } finally {
      this.#expiring = false;
    }
  }

  #limitLog(): void {
    if ((this.#logHoldsForgotten || this.#walBytes() > MOST_WAL_BYTES) && this.#emptyLog()) {
      this.#logHoldsForgotten = false;
    }
  }

  /** Waits for other instances as long as SQLite's busy timeout. @returns whether the log is empty now */
  #emptyLog(): boolean {
    try {
      return this.#database.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  #walBytes(): number {
    return statSync(`${this.#database.name}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }
}

/** Lets what waits for the thread have its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
