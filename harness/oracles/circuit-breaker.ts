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
 * A closed breaker that sees responses end, one after another in the order of their ends.
 *
 * Model of oxy's breaker as Traefik uses it: responses with 502 or 504 over all responses in ten buckets of one second;
 * the condition is looked at when a response ends, at most once per check period.
 */
export class ClosedBreaker {
  readonly #checkPeriodMs: number;
  readonly #condition: (ratio: number) => boolean;
  #buckets: { readonly second: number; all: number; failed: number }[] = [];
  #nextCheck = Number.NEGATIVE_INFINITY;

  private constructor(checkPeriodMs: number, condition: (ratio: number) => boolean) {
    this.#checkPeriodMs = checkPeriodMs;
    this.#condition = condition;
  }

  /** Undefined for an expression that is not modelled. */
  static of(policy: CircuitBreakerPolicy): ClosedBreaker | undefined {
    const condition = networkErrorCondition(policy.expression);
    return condition && new ClosedBreaker(policy.checkPeriodMs, condition);
  }

  /** Whether the breaker trips as this response ends. */
  tripsOn({ endedAt, status }: BreakerResponse): boolean {
    const second = Math.floor(endedAt / bucketMs);
    const failed = status === 502 || status === 504 ? 1 : 0;
    const last = this.#buckets.at(-1);
    if (last?.second === second) {
      last.all += 1;
      last.failed += failed;
    } else {
      this.#buckets = this.#buckets.filter((bucket) => bucket.second > second - windowBuckets);
      this.#buckets.push({ second, all: 1, failed });
    }
    if (endedAt <= this.#nextCheck) return false;
    this.#nextCheck = endedAt + this.#checkPeriodMs;
    const sum = (pick: 'all' | 'failed'): number => this.#buckets.reduce((total, bucket) => total + bucket[pick], 0);
    return this.#condition(sum('failed') / sum('all'));
  }
}

/** What a tripped breaker does with one request. */
export type BreakerDecision = 'deny' | 'allow';

/**
 * A breaker from its trip until it is closed again, if nothing fails any more. States change on arrivals, not on timers.
 * While recovering, a request passes if the share of passed ones, itself included, stays below
 * 0.5 · t / recoveryDuration, which makes the chance to pass rise linearly to 1.
 */
export class TrippedBreaker {
  readonly #policy: CircuitBreakerPolicy;
  readonly #trippedAt: number;
  #recoveringAt: number | undefined;
  #closedAt: number | undefined;
  #allowed = 0;
  #denied = 0;

  /** @param trippedAt epoch milliseconds */
  constructor(policy: CircuitBreakerPolicy, trippedAt: number) {
    this.#policy = policy;
    this.#trippedAt = trippedAt;
  }

  /** The first arrival after the fallback time, with which recovery begins; undefined until it came. */
  get recoveringAt(): number | undefined {
    return this.#recoveringAt;
  }

  /** The first arrival after the recovery time, with which the breaker closes; undefined until it came. */
  get closedAt(): number | undefined {
    return this.#closedAt;
  }

  /** What happens to the next request. Arrivals, epoch milliseconds, come in ascending order. */
  decide(at: number): BreakerDecision {
    if (this.#closedAt !== undefined) return 'allow';
    if (at < this.#trippedAt + this.#policy.fallbackDurationMs) return 'deny';
    this.#recoveringAt ??= at;
    if (at > this.#recoveringAt + this.#policy.recoveryDurationMs) {
      this.#closedAt = at;
      return 'allow';
    }
    const target = (0.5 * (at - this.#recoveringAt)) / this.#policy.recoveryDurationMs;
    if ((this.#allowed + 1) / (this.#allowed + 1 + this.#denied) < target) {
      this.#allowed += 1;
      return 'allow';
    }
    this.#denied += 1;
    return 'deny';
  }
}
