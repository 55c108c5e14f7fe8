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

/** How long a bucket is remembered after its last request, in milliseconds; then it is full again. */
function memoryMs(policy: RateLimitPolicy): number {
  const rate = refillPerSecond(policy);
  return (rate >= 1 ? 2 : 1 + Math.floor(1 / rate)) * 1000;
}

/**
 * Which of one client's requests Traefik's `rateLimit` admits. The bucket starts full; a request that would have to wait
 * longer than {@link longestDelayMs} is rejected and takes nothing.
 *
 * @param arrivals epoch milliseconds of the client's requests, ascending
 * @returns true for admitted, in the same order
 */
export function predictAdmissions(policy: RateLimitPolicy, arrivals: readonly number[]): boolean[] {
  const perMs = refillPerSecond(policy) / 1000;
  const longest = longestDelayMs(policy);
  const remembered = memoryMs(policy);
  let tokens = policy.burst;
  let last: number | undefined;
  return arrivals.map((at) => {
    if (last !== undefined) {
      tokens = at - last > remembered ? policy.burst : Math.min(policy.burst, tokens + (at - last) * perMs);
    }
    last = at;
    const delayMs = Math.max(0, 1 - tokens) / perMs;
    if (delayMs > longest) return false;
    tokens -= 1;
    return true;
  });
}
