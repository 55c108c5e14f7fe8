import type { EventStream } from './event-stream.js';

/** Sends a comment on each open stream that was quiet for the interval, at most for twice as long: one timer for all. */
export class Heartbeat {
  readonly #streams = new Set<EventStream>();
  readonly #timer: NodeJS.Timeout | undefined;

  /** `intervalMs` in milliseconds; 0 sends none. */
  constructor(intervalMs: number) {
    if (intervalMs > 0) this.#timer = setInterval(() => this.#beat(), intervalMs).unref();
  }

  add(stream: EventStream): void {
    this.#streams.add(stream);
  }

  delete(stream: EventStream): void {
    this.#streams.delete(stream);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    for (const stream of this.#streams) {
      if (stream.isQuiet) stream.keepAlive();
      stream.isQuiet = true;
    }
  }
}
