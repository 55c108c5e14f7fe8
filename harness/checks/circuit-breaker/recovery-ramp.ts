import type { CircuitBreakerPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { decided, seconds, undecided } from '../finding.js';
import { isFallback, observeCourse } from './course.js';

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
    judge(ledger) {
      const { trippedAt, afterTrip, predicted } = observeCourse(ledger, policy);
      const expected = 'a rising share of requests passes';
      if (trippedAt === undefined || predicted === undefined) {
        return decided(false, expected, 'the breaker never tripped', []);
      }
      const { recoveringAt } = predicted;
      if (recoveringAt === undefined) return undecided(expected, 'the load ended before recovery began');
      const thirds = Array.from({ length: parts }, (_, part) => {
        const from = recoveringAt + (part * policy.recoveryDurationMs) / parts;
        const until = recoveringAt + ((part + 1) * policy.recoveryDurationMs) / parts;
        const places = afterTrip.flatMap((record, place) =>
          record.startedAt >= from && record.startedAt < until ? [place] : [],
        );
        return {
          requests: places.length,
          predicted: places.filter((place) => predicted.decisions[place] === 'allow').length,
          measured: afterTrip.filter((record, place) => places.includes(place) && !isFallback(record)).length,
        };
      });
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
