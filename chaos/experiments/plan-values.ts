import type {
  CircuitBreakerPolicy,
  HealthCheckPolicy,
  RateLimitPolicy,
  RetryPolicy,
  StickyPolicy,
} from '../../harness/model/policy.js';

/**
 * The policies of the integration plan that Gauntlet proves, with the plan's own numbers. One differs: the plan keys its
 * rate limit on `X-Forwarded-For`, which Traefik removes from untrusted clients before the limiter sees it, so that all
 * clients share one bucket. The key here is the peer's address, which gives each client the bucket that the plan means.
 */
export const planRetry: RetryPolicy = { kind: 'retry', attempts: 3, initialIntervalMs: 100 };

export const planCircuitBreaker: CircuitBreakerPolicy = {
  kind: 'circuit-breaker',
  expression: 'NetworkErrorRatio() > 0.30',
  checkPeriodMs: 10_000,
  fallbackDurationMs: 30_000,
  recoveryDurationMs: 30_000,
};

export const planSticky: StickyPolicy = { cookie: 'llm-instance', secure: true, httpOnly: true };

export const planHealthCheck: HealthCheckPolicy = { path: '/health', intervalMs: 10_000, timeoutMs: 3_000 };

export const planRateLimit: RateLimitPolicy = {
  kind: 'rate-limit',
  average: 100,
  periodMs: 60_000,
  burst: 200,
  key: { by: 'peer-address' },
};
