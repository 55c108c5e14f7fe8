/** A page of a browser's history, with its visits in epoch milliseconds (0 for a visit without a time). */
export interface BrowserPage {
  readonly url: string;
  readonly title: string | null;
  readonly count: number;
  readonly hidden?: boolean;
  readonly visits: readonly number[];
}

/** Microseconds from 1601-01-01 to 1970-01-01. */
const CHROMIUM_EPOCH_US = 11_644_473_600_000_000n;

/** The statements that make a Chromium `History` with the columns its urls and visits have. */
export function chromiumHistory(pages: readonly BrowserPage[]): string {
  const tables = `
    CREATE TABLE meta (key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
    CREATE TABLE urls (id INTEGER PRIMARY KEY AUTOINCREMENT, url LONGVARCHAR, title LONGVARCHAR,
      visit_count INTEGER DEFAULT 0 NOT NULL, typed_count INTEGER DEFAULT 0 NOT NULL,
      last_visit_time INTEGER NOT NULL, hidden INTEGER DEFAULT 0 NOT NULL);
    CREATE TABLE visits (id INTEGER PRIMARY KEY AUTOINCREMENT, url INTEGER NOT NULL, visit_time INTEGER NOT NULL,
      from_visit INTEGER, transition INTEGER DEFAULT 0 NOT NULL, segment_id INTEGER,
      visit_duration INTEGER DEFAULT 0 NOT NULL);`;
  const time = (ms: number): bigint => (ms === 0 ? 0n : BigInt(ms) * 1000n + CHROMIUM_EPOCH_US);
  const rows = pages.flatMap(({ url, title, count, hidden = false, visits }, index) => [
    `INSERT INTO urls VALUES (${index + 1}, ${text(url)}, ${text(title)}, ${count}, 0, ${time(Math.max(...visits))}, ${Number(hidden)});`,
    ...visits.map((ms) => `INSERT INTO visits (url, visit_time) VALUES (${index + 1}, ${time(ms)});`),
  ]);
  return [tables, 'BEGIN;', ...rows, 'COMMIT;'].join('\n');
}

/** The statements that make a Firefox `places.sqlite` with the columns its places and visits have. */
export function firefoxHistory(pages: readonly BrowserPage[]): string {
  const tables = `
    CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, rev_host LONGVARCHAR,
      visit_count INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0 NOT NULL, typed INTEGER DEFAULT 0 NOT NULL,
      frecency INTEGER DEFAULT -1 NOT NULL, last_visit_date INTEGER, guid TEXT);
    CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER,
      visit_date INTEGER, visit_type INTEGER, session INTEGER);`;
  const rows = pages.flatMap(({ url, title, count, hidden = false, visits }, index) => [
    `INSERT INTO moz_places (id, url, title, visit_count, hidden, last_visit_date)
      VALUES (${index + 1}, ${text(url)}, ${text(title)}, ${count}, ${Number(hidden)}, ${Math.max(...visits) * 1000});`,
    ...visits.map(
      (ms) =>
        `INSERT INTO moz_historyvisits (place_id, visit_date, visit_type) VALUES (${index + 1}, ${ms * 1000}, 1);`,
    ),
  ]);
  return [tables, 'BEGIN;', ...rows, 'COMMIT;'].join('\n');
}

function text(value: string | null): string {
  return value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
}
