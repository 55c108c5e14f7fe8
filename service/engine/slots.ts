/** A bounded number of slots, with a bounded first-come first-served queue before them. */
export class Slots<T> {
  readonly maxNumSeqs: number;
  readonly maxWaitingQueueLength: number;
  readonly #running = new Set<T>();
  /** A set keeps the order of arrival, and lets one that gives up leave the middle at no cost. */
  readonly #waiting = new Set<T>();

  constructor(maxNumSeqs: number, maxWaitingQueueLength: number) {
    this.maxNumSeqs = maxNumSeqs;
    this.maxWaitingQueueLength = maxWaitingQueueLength;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get isFull(): boolean {
    return this.running >= this.maxNumSeqs && this.waiting >= this.maxWaitingQueueLength;
  }

  /** Takes a slot and returns true, or a place in the queue and returns false. Ask `isFull` first. */
  enter(item: T): boolean {
    if (this.running >= this.maxNumSeqs) {
      this.#waiting.add(item);
      return false;
    }
    this.#running.add(item);
    return true;
  }

  /** Gives back the slot or place of `item`. Returns the first in the queue when a slot became free: it now has that slot. */
  leave(item: T): T | undefined {
    if (this.#waiting.delete(item) || !this.#running.delete(item)) return undefined;
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      this.#running.add(next);
      return next;
    }
    return undefined;
  }
}
