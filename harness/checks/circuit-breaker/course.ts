import type { ArmLedger, GatewayRecord } from '../../model/ledger.js';
import type { CircuitBreakerPolicy } from '../../model/policy.js';
import { type BreakerCourse, predictCourse, predictTrip } from '../../oracles/circuit-breaker.js';

/** What the gateway's log tells about a breaker, beside what the oracle makes of the same traffic. */
export interface ObservedCourse {
  /** Start of the first request that the breaker answered itself; undefined when it answered none. */
  readonly trippedAt: number | undefined;
  readonly predictedTrip: number | 'never' | undefined;
  /** Requests from the trip on, in order of arrival. */
  readonly afterTrip: readonly GatewayRecord[];
  /** The oracle's course for exactly these arrivals; undefined when the breaker never tripped. */
  readonly predicted: BreakerCourse | undefined;
}

/** Whether the breaker answered itself: 503 and no server was reached. */
export function isFallback(record: GatewayRecord): boolean {
  return record.status === 503 && record.serverUrl === '' && record.originStatus === 0;
}

/** Reads the breaker's course out of the gateway's log. */
export function observeCourse(ledger: ArmLedger, policy: CircuitBreakerPolicy): ObservedCourse {
  const trippedAt = ledger.gateway.find(isFallback)?.startedAt;
  const responses = ledger.gateway
    .filter((record) => !isFallback(record))
    .map((record) => ({ endedAt: record.startedAt + record.durationMs, status: record.status }))
    .sort((a, b) => a.endedAt - b.endedAt);
  const predictedTrip = predictTrip(policy, responses);
  if (trippedAt === undefined) return { trippedAt, predictedTrip, afterTrip: [], predicted: undefined };
  const afterTrip = ledger.gateway.filter((record) => record.startedAt >= trippedAt);
  // The trip itself happens when a response ends; the first request that feels it comes a little later.
  const tripInstant = typeof predictedTrip === 'number' && predictedTrip <= trippedAt ? predictedTrip : trippedAt;
  return {
    trippedAt,
    predictedTrip,
    afterTrip,
    predicted: predictCourse(
      policy,
      tripInstant,
      afterTrip.map((record) => record.startedAt),
    ),
  };
}
