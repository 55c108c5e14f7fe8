import { readFile, stat } from 'node:fs/promises';
import type { Database } from 'better-sqlite3';
import { HistoryError } from './history-error.js';
import type { OpenSqlite } from './open-database.js';
import { MOST_TITLE_CHARACTERS, MOST_URL_CHARACTERS, storedUrl } from './stored-url.js';
import type { Visit } from './visit.js';

/** Browsers whose history can be read. Chromium stands for Chrome, Edge, Brave, Vivaldi and Opera too. */
export type Browser = 'chromium' | 'firefox';

/** A browser's history, open for reading. */
export interface BrowserHistory extends Disposable {
  readonly browser: Browser;
  /** The next visits, in the order of their storage, at most `most` rows read; undefined at the end. */
  next(most: number): { readonly visits: readonly Visit[]; readonly skipped: number } | undefined;
}

const MOST_BYTES = 512 * 1024 * 1024;

/** Microseconds from 1601-01-01, where Chromium's clock starts, to 1970-01-01. */
const CHROMIUM_EPOCH_US = 11_644_473_600_000_000n;

interface Source {
  readonly browser: Browser;
  readonly tables: readonly string[];
  /** Rows `id, url, title, count, time` of visits after an id, without what the browser itself hides. */
  readonly rows: string;
  /** Microseconds before 1970-01-01 at which the browser's clock starts. */
  readonly epochUs: bigint;
}

const SOURCES: readonly Source[] = [
  {
    browser: 'chromium',
    tables: ['urls', 'visits'],
    rows: `SELECT v.id AS id, u.url AS url, u.title AS title, u.visit_count AS count, v.visit_time AS time, u.hidden AS hidden
      FROM visits v JOIN urls u ON u.id = v.url WHERE v.id > ? ORDER BY v.id LIMIT ?`,
    epochUs: CHROMIUM_EPOCH_US,
  },
  {
    browser: 'firefox',
    tables: ['moz_places', 'moz_historyvisits'],
    rows: `SELECT v.id AS id, p.url AS url, p.title AS title, p.visit_count AS count, v.visit_date AS time, p.hidden AS hidden
      FROM moz_historyvisits v JOIN moz_places p ON p.id = v.place_id WHERE v.id > ? ORDER BY v.id LIMIT ?`,
    epochUs: 0n,
  },
];

interface Row {
  readonly id: bigint;
  readonly url: unknown;
  readonly title: unknown;
  readonly count: unknown;
  readonly time: unknown;
  readonly hidden: unknown;
}

/**
 * Opens a copy of Chromium's `History` or Firefox's `places.sqlite`. It is read into memory: the file may lie on a
 * read-only volume, and no lock or journal file appears beside it.
 * @throws HistoryError `import_not_found` or `import_refused`, with the reason.
 */
export async function openBrowserHistory(openSqlite: OpenSqlite, file: string): Promise<BrowserHistory> {
  const database = open(openSqlite, await readWhole(file));
  try {
    return browserHistory(database, recognise(database));
  } catch (error) {
    database.close();
    throw error;
  }
}

async function readWhole(file: string): Promise<Buffer> {
  const { size } = await stat(file).catch(() => {
    throw new HistoryError('import_not_found', 'There is no such file in the import folder.');
  });
  if (size > MOST_BYTES) {
    throw new HistoryError('import_refused', `The file has ${size} bytes; at most ${MOST_BYTES} are read.`);
  }
  return readFile(file);
}

function open(openSqlite: OpenSqlite, bytes: Buffer): Database {
  if (!bytes.subarray(0, 16).equals(Buffer.from('SQLite format 3\0'))) {
    throw new HistoryError('import_refused', 'The file is not an SQLite database.');
  }
  // The header says that there is a write-ahead log, as in Firefox's; a database in memory cannot have one.
  bytes.fill(1, 18, 20);
  const database = openSqlite(bytes);
  // Whoever wrote the file must not be able to run anything by what they put into its schema.
  for (const guard of ['trusted_schema = OFF', 'cell_size_check = ON', 'query_only = ON']) database.pragma(guard);
  return database;
}

function recognise(database: Database): Source {
  let names: Set<unknown>;
  try {
    names = new Set(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
  } catch (cause) {
    throw damaged(cause);
  }
  const source = SOURCES.find(({ tables }) => tables.every((table) => names.has(table)));
  if (source !== undefined) return source;
  throw new HistoryError(
    'import_refused',
    "The file is neither Chromium's History (tables urls and visits) nor Firefox's places.sqlite (moz_places and moz_historyvisits).",
  );
}

function browserHistory(database: Database, { browser, rows, epochUs }: Source): BrowserHistory {
  const statement = prepare(database, rows);
  let last = 0n;
  return {
    browser,
    next(most) {
      let read: Row[];
      try {
        read = statement.all(last, most) as Row[];
      } catch (cause) {
        throw damaged(cause);
      }
      if (read.length === 0) return undefined;
      last = (read.at(-1) as Row).id;
      const visits = read.map((row) => toVisit(row, epochUs)).filter((visit) => visit !== undefined);
      return { visits, skipped: read.length - visits.length };
    },
    [Symbol.dispose]: () => database.close(),
  };
}

function prepare(database: Database, sql: string) {
  try {
    // Microseconds since 1601 are beyond what a number holds exactly.
    return database.prepare(sql).safeIntegers();
  } catch (cause) {
    throw new HistoryError('import_refused', `The file's tables are not as expected: ${messageOf(cause)}.`, { cause });
  }
}

/** Undefined for what is not kept: hidden rows, addresses that are not of the web, visits without a time. */
function toVisit({ url, title, count, time, hidden }: Row, epochUs: bigint): Visit | undefined {
  if (typeof url !== 'string' || url.length > MOST_URL_CHARACTERS || typeof time !== 'bigint' || hidden === 1n) {
    return undefined;
  }
  const stored = storedUrl(url);
  const visitedAt = Number((time - epochUs) / 1000n);
  if (stored === undefined || visitedAt <= 0 || visitedAt > Date.now() + 86_400_000) return undefined;
  return {
    url: stored,
    title: typeof title === 'string' ? title.slice(0, MOST_TITLE_CHARACTERS) : undefined,
    visitedAt,
    visitCount: typeof count === 'bigint' && count > 0n && count < 1_000_000_000n ? Number(count) : undefined,
  };
}

function damaged(cause: unknown): HistoryError {
  return new HistoryError('import_refused', `The file is damaged: ${messageOf(cause)}.`, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
