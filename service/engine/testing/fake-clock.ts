import type { Clock } from '../clock.js';

/** What a turn of the event loop takes: a binary fraction, so that no rounding adds up. */
export const TURN_MS = 1 / 64;

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  #now = 0;
  /** How often someone was called soon. */
  turns = 0;
  #calls: { readonly at: number; readonly wake: () => void }[] = [];
  /** How often a timer went off. */
  wakes = 0;

  now(): number {
    return this.#now;
  }

  callAfter(ms: number, wake: () => void): () => void {
    return this.#call(this.#now + ms, () => {
      this.wakes += 1;
      wake();
    });
  }

  callSoon(wake: () => void): () => void {
    return this.#call(this.#now + TURN_MS, () => {
      this.turns += 1;
      wake();
    });
  }

  #call(at: number, wake: () => void): () => void {
    const call = { at, wake };
    this.#calls.push(call);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== call);
    };
  }

  /** Moves on by `ms`, waking everyone on the way at their time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let call = this.#next(); call !== undefined && call.at <= end; call = this.#next()) {
      const due = call;
      this.#calls = this.#calls.filter((other) => other !== due);
      this.#now = Math.max(this.#now, due.at);
      due.wake();
    }
    this.#now = end;
  }

  #next(): { readonly at: number; readonly wake: () => void } | undefined {
    return this.#calls.toSorted((a, b) => a.at - b.at)[0];
  }
}
