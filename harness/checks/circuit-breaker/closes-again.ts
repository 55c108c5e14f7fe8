import type { CircuitBreakerPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { count, decided, examples, seconds, undecided } from '../finding.js';
import { succeeded } from '../window.js';
import { isFallback } from './course.js';

/** Guarantee: `withinMs` after the trip, with the outage over, every request is served again. */
export function closesAgain(policy: CircuitBreakerPolicy, withinMs: number): Check {
  const least = policy.fallbackDurationMs + policy.recoveryDurationMs;
  return {
    id: 'breaker-closes-again',
    kind: 'guarantee',
    policy: 'circuitBreaker',
    claim: `${seconds(withinMs)} after the trip, the outage being over, every request is served again.`,
    judge(ledger) {
      const expected = `0 failed requests from ${seconds(withinMs)} after the trip (fallback + recovery = ${seconds(least)})`;
      const trippedAt = ledger.gateway.find(isFallback)?.startedAt;
      if (trippedAt === undefined) return decided(false, expected, 'the breaker never tripped', []);
      const after = ledger.client.filter((record) => record.sentAt >= trippedAt + withinMs);
      if (after.length === 0) return undecided(expected, 'the load ended before the breaker had to be closed');
      const failed = after.filter((record) => !succeeded(record));
      const lastFallback = ledger.gateway.findLast(isFallback)?.startedAt ?? trippedAt;
      return decided(
        failed.length === 0,
        expected,
        `${failed.length} of ${count(after.length, 'request')} failed; last fallback ${seconds(lastFallback - trippedAt)} after the trip`,
        examples(
          'failed',
          failed.map((record) => `${record.requestId} (${record.status})`),
        ),
      );
    },
  };
}
