import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Claim, type IdempotencyStore, inFlight, keyReused, type RecordedAnswer } from './idempotency-store.js';

/** A claim whose instance has not renewed it for this long belongs to an instance that is gone. */
const LEASE_MS = 10_000;
const RENEWAL_MS = 2_000;
const SWEEP_MS = 60_000;

/** What a file holds: the answer is missing while the request runs. */
interface Entry {
  readonly fingerprint: string;
  readonly answer?: RecordedAnswer;
}

/**
 * Keeps keys as files of a folder that several instances share, because a gateway that retries sends the retry to another
 * instance. Creating a file that must not exist is atomic between processes, so exactly one instance gets a key.
 * A folder on a network file system must keep that promise too.
 */
export class FolderStore implements IdempotencyStore {
  readonly #folder: string;
  readonly #ttlMs: number;
  readonly #leaseMs: number;
  readonly #claimed = new Set<string>();
  #timers: NodeJS.Timeout[] = [];

  /** `leaseMs`: after this long without a sign of the instance that claimed a key, another one may claim it. */
  constructor(folder: string, ttlMs: number, leaseMs = LEASE_MS) {
    this.#folder = folder;
    this.#ttlMs = ttlMs;
    this.#leaseMs = leaseMs;
  }

  async claim(key: string, fingerprint: string): Promise<Claim> {
    this.#startTimers();
    const file = join(this.#folder, `${createHash('sha256').update(key).digest('hex')}.json`);
    for (;;) {
      if (await this.#create(file, { fingerprint })) return this.#claimOf(file, fingerprint);
      const entry = await readEntry(file);
      // It was released or swept since: try again to create it. A half-written claim reads as one in flight.
      if (entry === undefined) continue;
      if (entry.fingerprint !== '' && entry.fingerprint !== fingerprint) throw keyReused();
      if (entry.answer !== undefined) return { answer: entry.answer };
      if (!(await this.#takeOver(file))) throw inFlight();
    }
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #startTimers(): void {
    if (this.#timers.length > 0) return;
    this.#timers = [
      setInterval(() => void this.#renew(), RENEWAL_MS).unref(),
      setInterval(() => void this.#sweep(), SWEEP_MS).unref(),
    ];
  }

  #claimOf(file: string, fingerprint: string): Claim {
    this.#claimed.add(file);
    let settled = false;
    return {
      keep: async (answer) => {
        settled = true;
        const draft = `${file}.${randomUUID()}`;
        await writeFile(draft, JSON.stringify({ fingerprint, answer } satisfies Entry));
        await rename(draft, file);
        this.#claimed.delete(file);
      },
      release: async () => {
        if (settled) return;
        settled = true;
        this.#claimed.delete(file);
        await rm(file, { force: true });
      },
    };
  }

  async #create(file: string, entry: Entry): Promise<boolean> {
    try {
      await writeFile(file, JSON.stringify(entry), { flag: 'wx' });
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  /**
   * Removes a claim whose instance is gone; false when it is not, or another instance does so. The one who creates the
   * mark of exactly this claim may remove it, so that nobody removes the claim that replaces it.
   */
  async #takeOver(file: string): Promise<boolean> {
    const claim = await stat(file).catch(() => undefined);
    if (claim === undefined) return true;
    if (Date.now() - claim.mtimeMs <= this.#leaseMs) return false;
    if (!(await this.#create(`${file}.${claim.ino}-${claim.birthtimeMs}`, { fingerprint: '' }))) return false;
    await rm(file, { force: true });
    return true;
  }

  /** Shows the other instances that this one still works on its claims. */
  async #renew(): Promise<void> {
    const now = new Date();
    await Promise.allSettled([...this.#claimed].map((file) => utimes(file, now, now)));
  }

  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const file = join(this.#folder, name);
      if (((await ageOf(file)) ?? 0) > this.#ttlMs && !this.#claimed.has(file)) await rm(file, { force: true });
    }
  }
}

/** The entry; undefined when there is no such file; without a fingerprint while it is being written. */
async function readEntry(file: string): Promise<Entry | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    return text === '' ? { fingerprint: '' } : (JSON.parse(text) as Entry);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    if (error instanceof SyntaxError) return { fingerprint: '' };
    throw error;
  }
}

async function ageOf(file: string): Promise<number | undefined> {
  const stats = await stat(file).catch(() => undefined);
  return stats && Date.now() - stats.mtimeMs;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
