import type { CircuitBreakerPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { TrippedBreaker } from '../../oracles/circuit-breaker.js';
import { decided, seconds, undecided } from '../finding.js';
import { isFallback, observedTrip, predictedTrip } from './course.js';

/** Thirds of the recovery time, so that the ramp shows as a rise and not only as a sum. */
const parts = 3;
/** How many requests a third may differ by: the model decides on arrival times that it knows to a millisecond or so. */
const tolerance = 4;
/** With fewer requests the tolerance would let anything through. */
const fewestPerThird = 20;

/** Conformance: after the fallback time the share of requests that pass rises as the recovery time goes by. */
export function recoveryRamp(policy: CircuitBreakerPolicy): Check {
  return {
    id: 'breaker-recovery-ramp',
    kind: 'conformance',
    policy: 'circuitBreaker',
    claim: `Over ${seconds(policy.recoveryDurationMs)} of recovery the share of requests that pass rises from none to nearly all.`,
    async judge(ledger) {
      const trippedAt = await observedTrip(ledger);
      const expected = 'a rising share of requests passes';
      if (trippedAt === undefined) return decided(false, expected, 'the breaker never tripped', []);
      const predicted = await predictedTrip(ledger, policy);
      // The trip itself happens when a response ends; the first request that feels it comes a little later.
      const tripInstant = typeof predicted === 'number' && predicted <= trippedAt ? predicted : trippedAt;
      const breaker = new TrippedBreaker(policy, tripInstant);
      const thirds = Array.from({ length: parts }, () => ({ requests: 0, predicted: 0, measured: 0 }));
      const afterTrip = ledger.stream<{ startedAt: number; passed: boolean }>(
        `SELECT startedAt, NOT ${isFallback} AS passed FROM gateway WHERE startedAt >= $trippedAt
         ORDER BY startedAt, requestId`,
        { trippedAt },
      );
      for await (const part of afterTrip) {
        for (const { startedAt, passed } of part) {
          const decision = breaker.decide(startedAt);
          const intoRecovery = startedAt - (breaker.recoveringAt ?? startedAt + 1);
          const third = thirds[Math.floor((intoRecovery * parts) / policy.recoveryDurationMs)];
          if (third === undefined) continue;
          third.requests += 1;
          if (decision === 'allow') third.predicted += 1;
          if (passed) third.measured += 1;
        }
      }
      if (breaker.recoveringAt === undefined) return undecided(expected, 'the load ended before recovery began');
      if (thirds.some((third) => third.requests < fewestPerThird)) {
        return undecided(expected, `fewer than ${fewestPerThird} requests in a third of the recovery time`);
      }
      const list = (pick: (third: (typeof thirds)[number]) => number): string =>
        thirds.map((third) => `${pick(third)}/${third.requests}`).join(', ');
      return decided(
        thirds.every((third) => Math.abs(third.predicted - third.measured) <= tolerance),
        `passed per third of recovery: ${list((third) => third.predicted)}, ± ${tolerance} each`,
        list((third) => third.measured),
        ['prediction: the arrivals in the access log put through the model of the breaker'],
      );
    },
  };
}
