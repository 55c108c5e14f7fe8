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
 * Which of one client's requests Traefik's `rateLimit` admits. The bucket starts full; a request that would have to wait
 * longer than {@link longestDelayMs} is rejected and takes nothing. An average of 0 means no limit.
 *
 * @param arrivals epoch milliseconds of the client's requests, ascending
 * @returns true for admitted, in the same order
 */
export function predictAdmissions(policy: RateLimitPolicy, arrivals: readonly number[]): boolean[] {
  if (policy.average === 0) return arrivals.map(() => true);
  const perMs = refillPerSecond(policy) / 1000;
  const longest = longestDelayMs(policy);
  const burst = Math.max(policy.burst, 1);
  let tokens = burst;
  let last: number | undefined;
  return arrivals.map((at) => {
    if (last !== undefined) {
      tokens = isForgotten(policy, last, at) ? burst : Math.min(burst, tokens + (at - last) * perMs);
    }
    last = at;
    const delayMs = Math.max(0, 1 - tokens) / perMs;
    if (delayMs > longest) return false;
    tokens -= 1;
    return true;
  });
}
