/** One visit of a page, as it is stored. */
export interface Visit {
  /** An http or https address without user name and password. */
  readonly url: string;
  /** Undefined leaves the title that is stored as it is. */
  readonly title?: string | undefined;
  /** Epoch milliseconds. */
  readonly visitedAt: number;
  /** How often the page was visited in all, as far as the sender knows. */
  readonly visitCount?: number | undefined;
}

/** What became of visits that were handed in. */
export interface RecordResult {
  /** Visits that were new. */
  readonly recorded: number;
  /** Visits of a page and time that were there already; nothing is counted twice. */
  readonly duplicates: number;
  /** Visits older than what is kept. */
  readonly expired: number;
}

/** A visited page. */
export interface Page {
  readonly url: string;
  /** `''` when no visit told one. */
  readonly title: string;
  readonly visitCount: number;
  /** Epoch milliseconds. */
  readonly lastVisitedAt: number;
}

/** A page that a search found. */
export interface FoundPage extends Page {
  /** The part of the title that matches, or else of the address, with each matching word between `**`. */
  readonly snippet: string;
  /** Relevance weighted by recency and frequency; only comparable within one search. */
  readonly score: number;
}

/** How long pages are kept. */
export interface Retention {
  readonly maxAgeDays: number;
  readonly maxPages: number;
}
