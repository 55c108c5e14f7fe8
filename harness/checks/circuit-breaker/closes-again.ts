import type { CircuitBreakerPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { count, decided, seconds, undecided } from '../finding.js';
import { failedExamples, tally } from '../window.js';
import { isFallback, observedTrip } from './course.js';

/** Guarantee: `withinMs` after the trip, with the outage over, every request is served again. */
export function closesAgain(policy: CircuitBreakerPolicy, withinMs: number): Check {
  const least = policy.fallbackDurationMs + policy.recoveryDurationMs;
  return {
    id: 'breaker-closes-again',
    kind: 'guarantee',
    policy: 'circuitBreaker',
    claim: `${seconds(withinMs)} after the trip, the outage being over, every request is served again.`,
    async judge(ledger) {
      const expected = `0 failed requests from ${seconds(withinMs)} after the trip (fallback + recovery = ${seconds(least)})`;
      const trippedAt = await observedTrip(ledger);
      if (trippedAt === undefined) return decided(false, expected, 'the breaker never tripped', []);
      const after = { sql: 'sentAt >= $closedAt', values: { closedAt: trippedAt + withinMs } };
      const { requests, failed } = await tally(ledger, after);
      if (requests === 0) return undecided(expected, 'the load ended before the breaker had to be closed');
      const [last] = await ledger.query<{ startedAt: number }>(
        `SELECT max(startedAt) AS startedAt FROM gateway WHERE ${isFallback}`,
      );
      const lastFallback = last?.startedAt ?? trippedAt;
      return decided(
        failed === 0,
        expected,
        `${failed} of ${count(requests, 'request')} failed; last fallback ${seconds(lastFallback - trippedAt)} after the trip`,
        await failedExamples(ledger, after),
      );
    },
  };
}
