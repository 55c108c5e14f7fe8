import type { EngineObserver, GenerationProgress, GenerationTimings } from './engine.js';

/** When the parts of one generation happened, on one clock in milliseconds. */
export class TokenTimes {
  readonly arrivedAt: number;
  #startedAt: number | undefined;
  #firstAt = 0;
  #lastAt = 0;
  #gapMs = 0;
  #count = 0;

  constructor(arrivedAt: number) {
    this.arrivedAt = arrivedAt;
  }

  /** Tokens so far. */
  get count(): number {
    return this.#count;
  }

  /** It has a slot from `at` on. Returns the milliseconds for which it waited. */
  start(at: number): number {
    this.#startedAt = at;
    return at - this.arrivedAt;
  }

  /** Another token is there. */
  add(at: number): void {
    if (this.#count === 0) this.#firstAt = at;
    this.#gapMs = at - (this.#count === 0 ? this.arrivedAt : this.#lastAt);
    this.#lastAt = at;
    this.#count += 1;
  }

  /** Tells of the token that was added last. */
  tell(observers: readonly EngineObserver[]): void {
    for (const observer of observers) {
      if (this.#count === 1) observer.firstToken?.(this.#gapMs);
      else observer.token?.(this.#gapMs);
    }
  }

  /** What is known so far. */
  progress(): GenerationProgress {
    if (this.#startedAt === undefined) return {};
    const queueMs = this.#startedAt - this.arrivedAt;
    return this.#count === 0 ? { queueMs } : { queueMs, prefillMs: this.#firstAt - this.#startedAt };
  }

  /**
   * The durations that clients and metrics are told, as vLLM defines them for its per-request metrics.
   * @param endedAt until then one waited that got no slot
   * @param tokens how many there were, if it is known better than by the calls of `add`
   */
  timings(endedAt: number, tokens = this.#count): GenerationTimings {
    const startedAt = this.#startedAt ?? endedAt;
    const queueMs = startedAt - this.arrivedAt;
    if (this.#count === 0) return { queueMs, ttftMs: 0, generationMs: 0, meanItlMs: 0, tokensPerSecond: 0 };
    const generationMs = this.#lastAt - this.#firstAt;
    const wholeMs = this.#lastAt - startedAt;
    return {
      queueMs,
      ttftMs: this.#firstAt - startedAt,
      generationMs,
      meanItlMs: tokens > 1 ? generationMs / (tokens - 1) : 0,
      tokensPerSecond: wholeMs > 0 ? (1000 * tokens) / wholeMs : 0,
    };
  }
}
