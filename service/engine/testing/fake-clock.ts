import type { Clock } from '../clock.js';

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  #now = 0;
  #calls: { readonly at: number; readonly wake: () => void }[] = [];
  /** How often someone was woken. */
  wakes = 0;

  now(): number {
    return this.#now;
  }

  callAfter(ms: number, wake: () => void): () => void {
    const call = { at: this.#now + ms, wake };
    this.#calls.push(call);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== call);
    };
  }

  callSoon(wake: () => void): () => void {
    return this.callAfter(0, wake);
  }

  /** Moves on by `ms`, waking everyone on the way at their time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let call = this.#next(); call !== undefined && call.at <= end; call = this.#next()) {
      const due = call;
      this.#calls = this.#calls.filter((other) => other !== due);
      this.#now = Math.max(this.#now, due.at);
      this.wakes += 1;
      due.wake();
    }
    this.#now = end;
  }

  #next(): { readonly at: number; readonly wake: () => void } | undefined {
    return this.#calls.toSorted((a, b) => a.at - b.at)[0];
  }
}
