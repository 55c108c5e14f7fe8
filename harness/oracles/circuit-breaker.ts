import type { CircuitBreakerPolicy } from '../model/policy.js';

/** A response that the breaker let through and recorded. `endedAt` is epoch milliseconds. */
export interface BreakerResponse {
  readonly endedAt: number;
  readonly status: number;
}

const windowBuckets = 10;
const bucketMs = 1_000;
const networkErrorExpression = /^\s*NetworkErrorRatio\(\)\s*(?<operator>>=?)\s*(?<threshold>\d+\.\d+)\s*$/;

/**
 * The threshold of an expression of the form `NetworkErrorRatio() > 0.30`, as a condition on a ratio; undefined for
 * every other expression, which this oracle does not model.
 */
function networkErrorCondition(expression: string): ((ratio: number) => boolean) | undefined {
  const groups = networkErrorExpression.exec(expression)?.groups;
  if (groups === undefined) return undefined;
  const threshold = Number(groups.threshold);
  return groups.operator === '>=' ? (ratio) => ratio >= threshold : (ratio) => ratio > threshold;
}

/**
 * When a closed breaker trips on these responses: `'never'`, an instant, or undefined for an expression that is not
 * modelled.
 *
 * Model of oxy's breaker as Traefik uses it: responses with 502 or 504 over all responses in ten buckets of one second;
 * the condition is looked at when a response ends, at most once per check period.
 *
 * @param responses in the order of their ends
 */
export function predictTrip(
  policy: CircuitBreakerPolicy,
  responses: readonly BreakerResponse[],
): number | 'never' | undefined {
  const condition = networkErrorCondition(policy.expression);
  if (condition === undefined) return undefined;
  let nextCheck = Number.NEGATIVE_INFINITY;
  for (const [index, { endedAt }] of responses.entries()) {
    if (endedAt <= nextCheck) continue;
    nextCheck = endedAt + policy.checkPeriodMs;
    const oldestBucket = Math.floor(endedAt / bucketMs) - (windowBuckets - 1);
    const inWindow = responses
      .slice(0, index + 1)
      .filter((response) => Math.floor(response.endedAt / bucketMs) >= oldestBucket);
    const failed = inWindow.filter(({ status }) => status === 502 || status === 504).length;
    if (condition(failed / inWindow.length)) return endedAt;
  }
  return 'never';
}

/** What a tripped breaker does with one request. */
export type BreakerDecision = 'deny' | 'allow';

/** The way of a breaker from its trip until it is closed. */
export interface BreakerCourse {
  /** A decision for each arrival, in the same order. */
  readonly decisions: readonly BreakerDecision[];
  /** The first arrival after the fallback time, with which recovery begins; undefined when none came. */
  readonly recoveringAt: number | undefined;
  /** The first arrival after the recovery time, with which the breaker closes; undefined when none came. */
  readonly closedAt: number | undefined;
}

/**
 * What a breaker does with arrivals after it tripped, if nothing fails any more. States change on arrivals, not on
 * timers. While recovering, a request passes if the share of passed ones, itself included, stays below
 * 0.5 · t / recoveryDuration, which makes the chance to pass rise linearly to 1.
 *
 * @param arrivals epoch milliseconds, ascending, all after the trip
 */
export function predictCourse(
  policy: CircuitBreakerPolicy,
  trippedAt: number,
  arrivals: readonly number[],
): BreakerCourse {
  let recoveringAt: number | undefined;
  let closedAt: number | undefined;
  let allowed = 0;
  let denied = 0;
  const decide = (at: number): BreakerDecision => {
    if (closedAt !== undefined) return 'allow';
    if (at < trippedAt + policy.fallbackDurationMs) return 'deny';
    recoveringAt ??= at;
    if (at > recoveringAt + policy.recoveryDurationMs) {
      closedAt = at;
      return 'allow';
    }
    const target = (0.5 * (at - recoveringAt)) / policy.recoveryDurationMs;
    if ((allowed + 1) / (allowed + 1 + denied) < target) {
      allowed += 1;
      return 'allow';
    }
    denied += 1;
    return 'deny';
  };
  return { decisions: arrivals.map(decide), recoveringAt, closedAt };
}
