import type { CircuitBreakerPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { examples } from '../examples.js';
import { count, decided, seconds, undecided } from '../finding.js';
import { isFallback, observedTrip } from './course.js';

/** Conformance: for the whole fallback time every request gets 503 and none reaches an instance. */
export function openIsQuiet(policy: CircuitBreakerPolicy): Check {
  return {
    id: 'breaker-open-is-quiet',
    kind: 'conformance',
    policy: 'circuitBreaker',
    claim: `For ${seconds(policy.fallbackDurationMs)} after the trip every request gets 503 and none reaches an instance.`,
    async judge(ledger) {
      const expected = 'only 503, 0 arrivals at the service';
      const trippedAt = await observedTrip(ledger);
      if (trippedAt === undefined) return decided(false, expected, 'the breaker never tripped', []);
      const open = { from: trippedAt, until: trippedAt + policy.fallbackDurationMs - marginMs };
      const whileOpen = 'startedAt BETWEEN $from AND $until';
      const leaking = `${whileOpen} AND (NOT ${isFallback} OR requestId IN (SELECT requestId FROM service))`;
      const [counted] = await ledger.query<{ requests: number; leaked: number }>(
        `SELECT count(*) AS requests, count(*) FILTER (${leaking}) AS leaked FROM gateway WHERE ${whileOpen}`,
        open,
      );
      const { requests = 0, leaked = 0 } = counted ?? {};
      if (requests === 0) return undecided(expected, 'no request was sent while the breaker was open');
      return decided(
        leaked === 0,
        expected,
        `${count(requests, 'request')} while open, ${leaked} not answered by the breaker`,
        await examples(
          ledger,
          'leaked',
          `SELECT requestId AS example, startedAt AS place FROM gateway WHERE ${leaking}`,
          open,
        ),
      );
    },
  };
}

/** The trip is known to within a request gap. */
const marginMs = 250;
