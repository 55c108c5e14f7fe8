import type { Database, Statement } from 'better-sqlite3';
import { buildMatch } from './build-match.js';
import type { FoundPage, Page, RecordResult, Retention, Visit } from './visit.js';

const DAY_MS = 86_400_000;
/** How many of the most relevant pages are weighed by recency and frequency. */
const MOST_CANDIDATES = 1000;

/**
 * `relevance · (1 + log10 visits) · (1 + 2^(−age / 30 days))`: ten visits count twice as much as one, a page of today twice
 * as much as an old one. bm25 is negative, smaller is better; a clock that is ahead makes no page younger than now.
 */
const SEARCH = `
  WITH candidates AS (
    SELECT rowid AS id, -rank AS relevance FROM page_index WHERE page_index MATCH @match ORDER BY rank LIMIT ${MOST_CANDIDATES}
  )
  SELECT id, url, title, visit_count AS visitCount, last_visited_at AS lastVisitedAt,
    relevance * (1 + log10(visit_count)) * (1 + pow(2, -max(0, @now - last_visited_at) / ${30 * DAY_MS}.0)) AS score
  FROM candidates JOIN pages USING (id)
  ORDER BY score DESC, id DESC LIMIT @limit OFFSET @offset`;

/** What to look for. */
export interface Search {
  readonly text: string;
  /** Whether `all` words must occur or `any`. */
  readonly words: 'all' | 'any';
  readonly limit: number;
  readonly offset: number;
}

/** Which pages to forget. */
export type Forgotten = { readonly url: string } | { readonly visitedBefore: number };

/**
 * The visited pages in an open database. Every method is synchronous and does one short piece of work; one that writes is
 * one transaction that takes the write lock at its start, since SQLite refuses at once to turn a read lock into a write lock
 * after another process has written.
 */
export class HistoryStore {
  readonly #database: Database;
  readonly #retention: Retention;
  readonly #statements: Readonly<Record<keyof typeof SQL, Statement>>;

  constructor(database: Database, retention: Retention) {
    this.#database = database;
    this.#retention = retention;
    const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof SQL, Statement>;
  }

  /** Stores groups of visits in one transaction, all or none, and says what became of each group. */
  record(groups: readonly (readonly Visit[])[], now = Date.now()): RecordResult[] {
    const oldest = this.#oldestKept(now);
    return this.#write(() =>
      groups.map((visits) => {
        const kept = visits.filter((visit) => visit.visitedAt >= oldest);
        let recorded = 0;
        for (const visit of kept) recorded += this.#record(visit);
        return { recorded, duplicates: kept.length - recorded, expired: visits.length - kept.length };
      }),
    );
  }

  /** The pages that match, best first. */
  search({ text, words, limit, offset }: Search, now = Date.now()): FoundPage[] {
    const match = buildMatch(text, words);
    if (match === undefined) return [];
    const rows = this.#statements.search.all({ match, now, limit, offset }) as (FoundPage & { id: number })[];
    return rows.map(({ id, ...page }) => ({
      ...page,
      snippet: (this.#statements.snippet.get(match, id) as { snippet: string }).snippet,
    }));
  }

  /** The pages visited last, latest first. */
  recent(limit: number, offset: number): Page[] {
    return this.#statements.recent.all(limit, offset) as Page[];
  }

  /** Forgets pages and visits, at most `most` of each, so that no transaction is long. @returns how many pages and visits. */
  forget(which: Forgotten, most: number): { pages: number; visits: number } {
    return this.#write(() => {
      if ('url' in which) return { pages: this.#statements.forgetUrl.run(which.url).changes, visits: 0 };
      const { changes: pages } = this.#statements.forgetPages.run(which.visitedBefore, most);
      return { pages, visits: this.#statements.forgetVisits.run(which.visitedBefore, most).changes };
    });
  }

  /** Forgets what is too old or too much, at most `most` pages and visits. @returns whether there is more to forget. */
  expire(most: number, now = Date.now()): boolean {
    const { pages, visits } = this.forget({ visitedBefore: this.#oldestKept(now) }, most);
    const surplus = this.#write(() => this.#statements.forgetSurplus.run(most, this.#retention.maxPages).changes);
    return pages === most || visits === most || surplus === most;
  }

  /** How many pages there are. */
  countPages(): number {
    return (this.#statements.count.get() as { pages: number }).pages;
  }

  #record({ url, title, visitedAt, visitCount = 0 }: Visit): 0 | 1 {
    const { id } = this.#statements.page.get({ url, title: title ?? '', visitedAt }) as { id: number };
    const isNew = this.#statements.visit.run(id, visitedAt).changes === 1 ? 1 : 0;
    this.#statements.update.run({ id, isNew, title: title || null, visitedAt, visitCount });
    return isNew;
  }

  #oldestKept(now: number): number {
    return now - this.#retention.maxAgeDays * DAY_MS;
  }

  #write<T>(work: () => T): T {
    return this.#database.transaction(work).immediate();
  }
}

const SQL = {
  // The update changes nothing: it makes RETURNING tell the id of a page that was there.
  page: `INSERT INTO pages (url, title, last_visited_at) VALUES (@url, @title, @visitedAt)
    ON CONFLICT (url) DO UPDATE SET told_count = told_count RETURNING id`,
  visit: 'INSERT OR IGNORE INTO visits (page, visited_at) VALUES (?, ?)',
  update: `UPDATE pages SET
      title = CASE WHEN @title IS NOT NULL AND (title = '' OR @visitedAt >= last_visited_at) THEN @title ELSE title END,
      recorded_count = recorded_count + @isNew,
      told_count = max(told_count, @visitCount),
      last_visited_at = max(last_visited_at, @visitedAt)
    WHERE id = @id`,
  search: SEARCH,
  snippet: `SELECT iif(instr(title, '**'), title, url) AS snippet FROM (
      SELECT snippet(page_index, 0, '**', '**', '…', 24) AS title, snippet(page_index, 1, '**', '**', '…', 24) AS url
      FROM page_index WHERE page_index MATCH ? AND rowid = ?)`,
  recent: `SELECT url, title, visit_count AS visitCount, last_visited_at AS lastVisitedAt
    FROM pages ORDER BY last_visited_at DESC, id DESC LIMIT ? OFFSET ?`,
  forgetUrl: 'DELETE FROM pages WHERE url = ?',
  forgetPages: 'DELETE FROM pages WHERE id IN (SELECT id FROM pages WHERE last_visited_at < ? LIMIT ?)',
  forgetVisits: `DELETE FROM visits WHERE (page, visited_at) IN
    (SELECT page, visited_at FROM visits WHERE visited_at < ? LIMIT ?)`,
  forgetSurplus: `DELETE FROM pages WHERE id IN
    (SELECT id FROM pages ORDER BY last_visited_at DESC, id DESC LIMIT ? OFFSET ?)`,
  count: 'SELECT count(*) AS pages FROM pages',
} as const;
