import type { ArmLedger } from '../../model/ledger.js';
import type { CircuitBreakerPolicy } from '../../model/policy.js';
import { ClosedBreaker } from '../../oracles/circuit-breaker.js';

/** Condition on a row of `gateway`: the breaker answered itself, 503 and no server was reached. */
export const isFallback = "(status = 503 AND serverUrl = '' AND originStatus = 0)";

/** Start of the first request that the breaker answered itself, epoch milliseconds; undefined when it answered none. */
export async function observedTrip(ledger: ArmLedger): Promise<number | undefined> {
  const [first] = await ledger.query<{ trippedAt: number | null }>(
    `SELECT min(startedAt) AS trippedAt FROM gateway WHERE ${isFallback}`,
  );
  return first?.trippedAt ?? undefined;
}

/**
 * When the breaker trips by its model, for exactly the responses in the gateway's log: an instant, `'never'`, or
 * undefined for an expression that is not modelled.
 */
export async function predictedTrip(
  ledger: ArmLedger,
  policy: CircuitBreakerPolicy,
): Promise<number | 'never' | undefined> {
  const breaker = ClosedBreaker.of(policy);
  if (breaker === undefined) return undefined;
  const responses = ledger.stream<{ endedAt: number; status: number }>(
    `SELECT startedAt + durationMs AS endedAt, status FROM gateway WHERE NOT ${isFallback} ORDER BY endedAt, requestId`,
  );
  for await (const part of responses) {
    const response = part.find((each) => breaker.tripsOn(each));
    if (response !== undefined) return response.endedAt;
  }
  return 'never';
}
