import { type Claim, type IdempotencyStore, inFlight, keyReused, type RecordedAnswer } from './idempotency-store.js';

const MAX_KEYS = 10_000;

interface Entry {
  readonly fingerprint: string;
  answer: RecordedAnswer | undefined;
  keptAt: number;
}

/** Keeps keys in memory: enough for one instance, or where the gateway sends a client to the same one again. */
export class MemoryStore implements IdempotencyStore {
  readonly #ttlMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  async claim(key: string, fingerprint: string): Promise<Claim> {
    this.#forgetOld();
    const known = this.#entries.get(key);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint) throw keyReused();
      if (known.answer === undefined) throw inFlight();
      return { answer: known.answer };
    }
    const entry: Entry = { fingerprint, answer: undefined, keptAt: Number.POSITIVE_INFINITY };
    this.#entries.set(key, entry);
    return {
      keep: async (answer) => {
        entry.answer = answer;
        entry.keptAt = performance.now();
      },
      release: async () => {
        if (this.#entries.get(key) === entry && entry.answer === undefined) this.#entries.delete(key);
      },
    };
  }

  close(): void {
    this.#entries.clear();
  }

  /** Keys are in the order of their claims, so this ends at the first one that stays. */
  #forgetOld(): void {
    for (const [key, { answer, keptAt }] of this.#entries) {
      const isOld = performance.now() - keptAt > this.#ttlMs;
      if (!isOld && (this.#entries.size <= MAX_KEYS || answer === undefined)) return;
      this.#entries.delete(key);
    }
  }
}
