import type { CircuitBreakerPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { decided, seconds, undecided } from '../finding.js';
import { faultAt } from '../window.js';
import { observedTrip, predictedTrip } from './course.js';

/** How far the trip may be from its prediction: a few request gaps, since only requests show it. */
const toleranceMs = 500;

/** Conformance: the breaker trips when its expression and check period say, not earlier and not later. */
export function tripTime(policy: CircuitBreakerPolicy, fault: number): Check {
  return {
    id: 'breaker-trip-time',
    kind: 'conformance',
    policy: 'circuitBreaker',
    claim: `The breaker trips when ${policy.expression} holds at a check, every ${seconds(policy.checkPeriodMs)}.`,
    async judge(ledger) {
      const record = faultAt(ledger, fault);
      if (record === undefined) return undecided('a trip', 'the fault was never applied');
      const trippedAt = await observedTrip(ledger);
      const predicted = await predictedTrip(ledger, policy);
      if (predicted === undefined) return undecided('a trip', 'the oracle does not model this expression');
      const sinceFault = (at: number): string => `${seconds(at - record.appliedAt)} after the fault`;
      const measured = trippedAt === undefined ? 'no trip' : `trip ${sinceFault(trippedAt)}`;
      if (predicted === 'never') return decided(trippedAt === undefined, 'no trip', measured, []);
      return decided(
        trippedAt !== undefined && Math.abs(trippedAt - predicted) <= toleranceMs,
        `trip ${sinceFault(predicted)}, ± ${seconds(toleranceMs)}`,
        measured,
        ["prediction: the gateway's own responses put through the model of the breaker"],
      );
    },
  };
}
