import type { CircuitBreakerPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { count, decided, examples, seconds, undecided } from '../finding.js';
import { isFallback, observeCourse } from './course.js';

/** Conformance: for the whole fallback time every request gets 503 and none reaches an instance. */
export function openIsQuiet(policy: CircuitBreakerPolicy): Check {
  return {
    id: 'breaker-open-is-quiet',
    kind: 'conformance',
    policy: 'circuitBreaker',
    claim: `For ${seconds(policy.fallbackDurationMs)} after the trip every request gets 503 and none reaches an instance.`,
    judge(ledger) {
      const expected = 'only 503, 0 arrivals at the service';
      const { trippedAt, afterTrip } = observeCourse(ledger, policy);
      if (trippedAt === undefined) return decided(false, expected, 'the breaker never tripped', []);
      const until = trippedAt + policy.fallbackDurationMs;
      const open = afterTrip.filter((record) => record.startedAt <= until - marginMs);
      if (open.length === 0) return undecided(expected, 'no request was sent while the breaker was open');
      const arrived = new Set(ledger.service.map((arrival) => arrival.requestId));
      const leaked = open.filter((record) => !isFallback(record) || arrived.has(record.requestId));
      return decided(
        leaked.length === 0,
        expected,
        `${count(open.length, 'request')} while open, ${leaked.length} not answered by the breaker`,
        examples(
          'leaked',
          leaked.map((record) => record.requestId),
        ),
      );
    },
  };
}

/** The trip is known to within a request gap. */
const marginMs = 250;
