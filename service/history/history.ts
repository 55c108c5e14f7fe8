import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { OpenAiError } from '../errors/openai-error.js';
import { StartError } from '../start-error.js';
import type {
  HistoryCalls,
  HistoryReply,
  HistoryRequest,
  HistoryStatus,
  HistoryThreadData,
  ImportResult,
} from './history-calls.js';
import { historyAnswer } from './history-error.js';
import type { HistorySettings } from './history-settings.js';
import type { Forgotten, Search } from './history-store.js';
import { historyThreadFile } from './history-thread.js';
import type { FoundPage, Page, RecordResult, Visit } from './visit.js';

/** Visits that may wait to be stored: four transactions' worth, which is less than a second of waiting. */
const MOST_WAITING_VISITS = 2000;
const MOST_WAITING_QUESTIONS = 200;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: OpenAiError) => void;
}

/**
 * The visited pages, for the main thread: every call only sends a message to the thread that works on the file, so that
 * no stream stops while another instance holds the file's lock. Calls beyond what may wait are refused, never queued.
 */
export class History {
  readonly #thread: Worker;
  readonly #logger: Logger;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #waitingVisits = 0;
  #failure: string | undefined;
  #whenIdle: (() => void) | undefined;

  /** @throws StartError when better-sqlite3 cannot be loaded or the file cannot be opened. */
  static async start(settings: HistorySettings, logger: Logger): Promise<History> {
    const workerData: HistoryThreadData = { role: 'history', settings };
    const thread = new Worker(historyThreadFile, { workerData });
    const [first] = (await once(thread, 'message')) as [HistoryReply];
    if ('cannotStart' in first) throw new StartError(first.cannotStart);
    return new History(thread, logger);
  }

  private constructor(thread: Worker, logger: Logger) {
    this.#thread = thread;
    this.#logger = logger;
    thread.on('message', (reply: HistoryReply) => this.#settle(reply));
    thread.on('error', (error) => {
      logger.error({ event: 'history failed', err: error });
      this.#fail(`The history's thread has failed: ${error.message}.`);
    });
    thread.on('exit', () => this.#fail("The history's thread has ended."));
  }

  /**
   * Stores visits; resolves when they are in the file.
   * @throws OpenAiError 503: when the history is overloaded or busy, none of them is stored.
   */
  async record(visits: readonly Visit[]): Promise<RecordResult> {
    if (this.#waitingVisits + visits.length > MOST_WAITING_VISITS) {
      throw historyAnswer('overloaded', `${this.#waitingVisits} visits wait to be stored already.`);
    }
    this.#waitingVisits += visits.length;
    try {
      return await this.#call('record', visits);
    } finally {
      this.#waitingVisits -= visits.length;
    }
  }

  /** The pages that match all words, best first. @throws OpenAiError */
  find(text: string, limit: number, offset: number): Promise<FoundPage[]> {
    return this.#ask('search', { text, words: 'all', limit, offset } satisfies Search);
  }

  /** Pages that could serve as context for a question: any of its words may match. @throws OpenAiError */
  search(question: string, limit: number): Promise<FoundPage[]> {
    return this.#ask('search', { text: question, words: 'any', limit, offset: 0 } satisfies Search);
  }

  /** The pages visited last, latest first. @throws OpenAiError */
  recent(limit: number, offset: number): Promise<Page[]> {
    return this.#ask('recent', limit, offset);
  }

  /** Forgets pages; resolves with their number when they are gone. @throws OpenAiError */
  forget(which: Forgotten): Promise<number> {
    return this.#ask('forget', which);
  }

  /** Imports a copy of a browser's history. What was imported before counts as duplicates. @throws OpenAiError */
  importFile(file: string): Promise<ImportResult> {
    return this.#ask('importFile', file);
  }

  /**
   * Takes the file's write lock, as a fault, and lets go of it after so many milliseconds, or when the history is closed;
   * resolves when it is held. @throws OpenAiError
   */
  holdLock(forMs: number): Promise<void> {
    return this.#ask('holdLock', forMs);
  }

  /** How the file stands, and how many visits wait to be stored by this instance. @throws OpenAiError */
  async status(): Promise<HistoryStatus & { readonly waitingVisits: number }> {
    return { ...(await this.#ask('status')), waitingVisits: this.#waitingVisits };
  }

  /** Stores what waits, empties the write-ahead log into the database and ends the thread. Never rejects. */
  async close(): Promise<void> {
    if (this.#waiting.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await this.#call('close').catch(() => undefined);
    await this.#thread.terminate();
  }

  async #ask<Name extends keyof HistoryCalls>(
    name: Name,
    ...args: Parameters<HistoryCalls[Name]>
  ): Promise<ReturnType<HistoryCalls[Name]>> {
    if (this.#waiting.size >= MOST_WAITING_QUESTIONS) {
      throw historyAnswer('overloaded', `${this.#waiting.size} requests wait for the history already.`);
    }
    return this.#call(name, ...args);
  }

  #call<Name extends keyof HistoryCalls>(
    call: Name,
    ...args: Parameters<HistoryCalls[Name]>
  ): Promise<ReturnType<HistoryCalls[Name]>> {
    if (this.#failure !== undefined) return Promise.reject(historyAnswer('unavailable', this.#failure));
    this.#lastId += 1;
    const request: HistoryRequest = { id: this.#lastId, call, args };
    const answered = new Promise<unknown>((resolve, reject) => this.#waiting.set(request.id, { resolve, reject }));
    this.#thread.postMessage(request);
    return answered as Promise<ReturnType<HistoryCalls[Name]>>;
  }

  #settle(reply: HistoryReply): void {
    if ('trouble' in reply) this.#logger.error({ event: 'history failed', err: reply.trouble });
    if (!('id' in reply)) return;
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(historyAnswer(reply.error.code, reply.error.message));
    else waiting?.resolve(reply.value);
    if (this.#waiting.size === 0) this.#whenIdle?.();
  }

  #fail(message: string): void {
    this.#failure ??= message;
    for (const { reject } of this.#waiting.values()) reject(historyAnswer('unavailable', this.#failure));
    this.#waiting.clear();
    this.#whenIdle?.();
  }
}
