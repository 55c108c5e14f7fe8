import type { HistoryErrorCode } from './history-error.js';
import type { HistorySettings } from './history-settings.js';
import type { Forgotten, Search } from './history-store.js';
import type { Browser } from './read-browser-history.js';
import type { FoundPage, Page, RecordResult, Visit } from './visit.js';

/** What became of an import. */
export interface ImportResult extends RecordResult {
  readonly browser: Browser;
  /** Visits of hidden pages, of addresses that are not of the web, or without a usable time. */
  readonly skipped: number;
}

/** How the history's file stands. */
export interface HistoryStatus {
  readonly pages: number;
  /** Size of the write-ahead log, which all instances share. */
  readonly walBytes: number;
}

/** What the history's thread can be asked for. */
export interface HistoryCalls {
  record(visits: readonly Visit[]): RecordResult;
  search(search: Search): FoundPage[];
  recent(limit: number, offset: number): Page[];
  /** The number of pages that are gone. */
  forget(which: Forgotten): number;
  importFile(file: string): ImportResult;
  /** Takes the write lock, as another instance would, and lets go of it after so many milliseconds or at the end. */
  holdLock(forMs: number): void;
  status(): HistoryStatus;
  close(): void;
}

/** What the thread is started with. */
export interface HistoryThreadData {
  readonly role: 'history';
  readonly settings: HistorySettings;
}

/** From the main thread. */
export interface HistoryRequest {
  readonly id: number;
  readonly call: keyof HistoryCalls;
  readonly args: readonly unknown[];
}

/** From the history's thread: first that it is ready or cannot start, then one for each request, and what is to be logged. */
export type HistoryReply =
  | { readonly ready: true }
  | { readonly cannotStart: string }
  | { readonly trouble: unknown }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: HistoryErrorCode; readonly message: string } };
