import { createHash } from 'node:crypto';
import { type PromptMessage, tokensOf } from './prompt.js';

/** What a generation holds in the cache until it ends. */
export interface CacheLease {
  /** Tokens of the blocks that were there already. */
  readonly cachedTokens: number;
  readonly promptTokens: number;
  readonly blocks: readonly string[];
}

/**
 * The prefix cache of one instance: which blocks of prompt tokens it has computed. A block is known by the hash of its
 * tokens and of all before them, so two prompts share exactly the blocks of their common beginning. Least recently used
 * blocks go first, those of running generations never.
 */
export class PrefixCache {
  readonly #blockSize: number;
  readonly #capacity: number;
  /** Hash of a block to the number of running generations that hold it; in order of use, the oldest first. */
  readonly #holders = new Map<string, number>();
  #held = 0;
  #queries = 0;
  #hits = 0;

  /** `capacity` is in blocks of `blockSize` tokens. */
  constructor(capacity: number, blockSize: number) {
    this.#capacity = capacity;
    this.#blockSize = blockSize;
  }

  /** Share of the blocks held by running generations, 0 to 1. */
  get usage(): number {
    return this.#held / this.#capacity;
  }

  /** Tokens looked up so far. */
  get queries(): number {
    return this.#queries;
  }

  /** Tokens found so far. */
  get hits(): number {
    return this.#hits;
  }

  /** How many tokens of a prompt are here; changes nothing. */
  peek(messages: readonly PromptMessage[]): number {
    return this.#found(this.#hash(messages).hashes) * this.#blockSize;
  }

  /** Looks a prompt up, and holds its blocks as far as there is room. */
  acquire(messages: readonly PromptMessage[]): CacheLease {
    const { hashes, tokenCount } = this.#hash(messages);
    const found = this.#found(hashes);
    // The last token is always computed: its result is the first token of the answer.
    const cachedTokens = Math.min(found * this.#blockSize, Math.max(0, tokenCount - 1));
    this.#queries += tokenCount;
    this.#hits += cachedTokens;
    const blocks = hashes.filter((hash) => this.#use(hash, 1));
    return { cachedTokens, promptTokens: tokenCount, blocks };
  }

  /** Ends a lease: its blocks stay until the room is needed. */
  release({ blocks }: CacheLease): void {
    for (const hash of blocks) this.#use(hash, -1);
  }

  /** Remembers a prompt with its answer, so that the next turn of the conversation finds both. */
  remember(messages: readonly PromptMessage[]): void {
    for (const hash of this.#hash(messages).hashes) this.#use(hash, 0);
  }

  /** How many blocks are here before the first that is not. */
  #found(hashes: readonly string[]): number {
    const missing = hashes.findIndex((hash) => !this.#holders.has(hash));
    return missing === -1 ? hashes.length : missing;
  }

  /** Marks a block as just used and changes its holders; false when it is new and there is no room. */
  #use(hash: string, change: number): boolean {
    const holders = this.#holders.get(hash);
    if (holders === undefined && this.#holders.size >= this.#capacity && !this.#evict()) return false;
    const now = (holders ?? 0) + change;
    this.#held += Math.sign(now) - Math.sign(holders ?? 0);
    this.#holders.delete(hash);
    this.#holders.set(hash, now);
    return true;
  }

  #evict(): boolean {
    for (const [hash, holders] of this.#holders) {
      if (holders > 0) continue;
      return this.#holders.delete(hash);
    }
    return false;
  }

  /** The hashes of the full blocks, each over all that comes before it. */
  #hash(messages: readonly PromptMessage[]): { hashes: string[]; tokenCount: number } {
    const hashes: string[] = [];
    let chain = '';
    let block: string[] = [];
    let tokenCount = 0;
    for (const { role, content } of messages) {
      let prefix = `${role}\u0000`;
      for (const token of tokensOf(content)) {
        tokenCount += 1;
        block.push(prefix + token);
        prefix = '';
        if (block.length < this.#blockSize) continue;
        chain = createHash('sha1')
          .update(`${chain}\u0001${block.join('\u0002')}`)
          .digest('base64');
        hashes.push(chain);
        block = [];
      }
    }
    return { hashes, tokenCount };
  }
}
