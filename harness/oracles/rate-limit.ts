import type { RateLimitPolicy } from '../model/policy.js';

/** Tokens that a bucket gains per second. */
export function refillPerSecond(policy: RateLimitPolicy): number {
  return policy.average / (policy.periodMs / 1000);
}

/** The longest that Traefik holds a request back instead of rejecting it, in milliseconds. */
export function longestDelayMs(policy: RateLimitPolicy): number {
  const rate = refillPerSecond(policy);
  return rate < 1 ? 500 : 1000 / (2 * Math.floor(rate));
}

/**
 * Whether a bucket that was last used at one instant is forgotten, and so full again, at a later one. Traefik keeps the
 * time to live in whole epoch seconds, so that two seconds of memory last between one and two.
 */
function isForgotten(policy: RateLimitPolicy, lastAt: number, at: number): boolean {
  const rate = refillPerSecond(policy);
  const seconds = rate >= 1 ? 2 : 1 + Math.floor(1 / rate);
  return Math.floor(at / 1000) >= Math.floor(lastAt / 1000) + seconds;
}

/**
 * One client's bucket of Traefik's `rateLimit`. It starts full; a request that would have to wait longer than
 * {@link longestDelayMs} is rejected and takes nothing. An average of 0 means no limit.
 */
export class TokenBucket {
  readonly #policy: RateLimitPolicy;
  readonly #perMs: number;
  readonly #longestMs: number;
  readonly #burst: number;
  #tokens: number;
  #last: number | undefined;

  constructor(policy: RateLimitPolicy) {
    this.#policy = policy;
    this.#perMs = refillPerSecond(policy) / 1000;
    this.#longestMs = longestDelayMs(policy);
    this.#burst = Math.max(policy.burst, 1);
    this.#tokens = this.#burst;
  }

  /** Whether the next request is admitted. Arrivals, epoch milliseconds, come in ascending order. */
  admits(at: number): boolean {
    if (this.#policy.average === 0) return true;
    if (this.#last !== undefined) {
      this.#tokens = isForgotten(this.#policy, this.#last, at)
        ? this.#burst
        : Math.min(this.#burst, this.#tokens + (at - this.#last) * this.#perMs);
    }
    this.#last = at;
    const delayMs = Math.max(0, 1 - this.#tokens) / this.#perMs;
    if (delayMs > this.#longestMs) return false;
    this.#tokens -= 1;
    return true;
  }
}
