import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { FinishedExchange } from './exchanges.js';
import { StartError } from './start-error.js';

const FLUSH_INTERVAL_MS = 100;

/**
 * Append-only file with one JSON line per arrival. Lines reach the file at most 100 ms after `append`.
 * Writes are synchronous: one batch costs microseconds, order is kept, and nothing is pending when the process exits.
 */
export class Journal {
  readonly #fd: number;
  readonly #instance: string;
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @throws StartError when the file cannot be opened for appending. */
  constructor(file: string, instance: string) {
    this.#instance = instance;
    try {
      this.#fd = openSync(file, 'a');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StartError(`JOURNAL ${file} cannot be opened for appending: ${reason}`, { cause: error });
    }
  }

  /** Adds one line. */
  append(exchange: FinishedExchange): void {
    const { requestId, ...rest } = exchange;
    this.#pending += `${JSON.stringify({ requestId, instance: this.#instance, ...rest })}\n`;
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_INTERVAL_MS);
  }

  /** Writes what is buffered. A failing write throws: a service that lost evidence must not seem healthy. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending === '') return;
    writeFileSync(this.#fd, this.#pending);
    this.#pending = '';
  }

  /** Flushes and closes the file; further calls do nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.flush();
    closeSync(this.#fd);
  }
}
