import type { HistoryStore } from './history-store.js';
import { retryBusy } from './retry-busy.js';
import type { RecordResult, Visit } from './visit.js';

/** Visits of one transaction: enough to share its cost, few enough to hold the lock for some milliseconds only. */
const MOST_VISITS_AT_ONCE = 500;

interface Waiting {
  readonly visits: readonly Visit[];
  readonly resolve: (result: RecordResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers what waits to be stored and stores it together, in the order in which it came. */
export class VisitRecorder {
  readonly #store: HistoryStore;
  readonly #patienceMs: number;
  #waiting: Waiting[] = [];
  #working = false;

  /** @param patienceMs how long one transaction waits for the lock, in milliseconds */
  constructor(store: HistoryStore, patienceMs: number) {
    this.#store = store;
    this.#patienceMs = patienceMs;
  }

  /**
   * Resolves when the visits are stored.
   * @throws HistoryError `busy` when the lock was not to be had in time; then none of them is stored.
   * Any other error of SQLite is passed on as it is.
   */
  record(visits: readonly Visit[]): Promise<RecordResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ visits, resolve, reject });
      if (!this.#working) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#working = true;
    // What arrives together is handled in one turn of the loop; let it all arrive.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      try {
        const groups = batch.map(({ visits }) => visits);
        const results = await retryBusy(() => this.#store.record(groups), this.#patienceMs);
        for (const [place, { resolve }] of batch.entries()) resolve(results[place] as RecordResult);
      } catch (error) {
        // What waits behind would wait for the same lock as long again.
        for (const { reject } of [...batch, ...this.#waiting.splice(0)]) reject(error);
      }
      // Searches that came meanwhile get their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#working = false;
  }

  #nextBatch(): Waiting[] {
    let count = 0;
    const end = this.#waiting.findIndex(({ visits }, place) => {
      count += visits.length;
      return place > 0 && count > MOST_VISITS_AT_ONCE;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }
}
