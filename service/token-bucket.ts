/** A token bucket: full at first, it refills evenly. Times are milliseconds of one clock. */
export class TokenBucket {
  readonly capacity: number;
  readonly #perMs: number;
  #level: number;
  #at: number;

  constructor(capacity: number, perMs: number, now: number) {
    this.capacity = capacity;
    this.#perMs = perMs;
    this.#level = capacity;
    this.#at = now;
  }

  /** What is in it now. */
  level(now: number): number {
    this.#level = Math.min(this.capacity, this.#level + (now - this.#at) * this.#perMs);
    this.#at = now;
    return this.#level;
  }

  /** Milliseconds until `amount` is in it; 0 when it is. */
  msUntil(amount: number, now: number): number {
    return Math.max(0, (amount - this.level(now)) / this.#perMs);
  }

  take(amount: number, now: number): void {
    this.#level = this.level(now) - amount;
  }
}
