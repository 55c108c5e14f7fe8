import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import type { Arrival, FinishedExchange } from './exchanges.js';
import { StartError } from './start-error.js';

const FLUSH_INTERVAL_MS = 100;

/**
 * Append-only file of JSON lines, two for each request: `arrived` and `finished`, with the same number `n`. The first
 * is in the file before anything is done for the request, so that a killed instance leaves no request unrecorded; the
 * second follows at most 100 ms after the end. Writes are synchronous: one costs microseconds, and order is kept.
 */
export class Journal {
  /** Number of the last arrival in the file when it was opened; 0 for a new file. */
  readonly lastNumber: number;
  readonly #fd: number;
  readonly #instance: string;
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @throws StartError when the file cannot be opened for appending. */
  constructor(file: string, instance: string) {
    this.#instance = instance;
    try {
      this.#fd = openSync(file, 'a+');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StartError(`JOURNAL ${file} cannot be opened for appending: ${reason}`, { cause: error });
    }
    const before = readFileSync(this.#fd, 'utf8');
    this.lastNumber = Number(/.*"event":"arrived","n":(\d+)/s.exec(before)?.[1] ?? 0);
    // A line that was cut off must not spoil the next one.
    if (before !== '' && !before.endsWith('\n')) this.#pending = '\n';
  }

  /** Writes one line at once, with everything that waits before it. */
  arrived({ n, requestId, method, path, host, arrivedAt }: Arrival): void {
    this.#add({ event: 'arrived', n, requestId, instance: this.#instance, method, path, host, arrivedAt });
    this.flush();
  }

  /** Adds one line, to be written soon. */
  finished({ n, requestId, finishedAt, status, completed, progress = {} }: FinishedExchange): void {
    const { queueMs, prefillMs } = progress;
    const instance = this.#instance;
    this.#add({ event: 'finished', n, requestId, instance, finishedAt, status, completed, queueMs, prefillMs });
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

  #add(line: Readonly<Record<string, unknown>>): void {
    this.#pending += `${JSON.stringify(line)}\n`;
  }
}
