/** Traefik's `retry` middleware. `attempts` counts tries, the first included. */
export interface RetryPolicy {
  readonly kind: 'retry';
  readonly attempts: number;
  readonly initialIntervalMs: number;
}

/** Traefik's `circuitBreaker` middleware. `expression` is Traefik's own grammar. */
export interface CircuitBreakerPolicy {
  readonly kind: 'circuit-breaker';
  readonly expression: string;
  readonly checkPeriodMs: number;
  readonly fallbackDurationMs: number;
  readonly recoveryDurationMs: number;
}

/**
 * Traefik's `rateLimit` middleware: `average` requests per `periodMs`, bursts of `burst`.
 * `key` says what a bucket belongs to: the address of the TCP peer (Traefik's default) or a request header.
 */
export interface RateLimitPolicy {
  readonly kind: 'rate-limit';
  readonly average: number;
  readonly periodMs: number;
  readonly burst: number;
  readonly key: { readonly by: 'peer-address' } | { readonly by: 'request-header'; readonly name: string };
}

/** A middleware of a router, in Traefik's order: the first one is the outermost. */
export type Middleware = RetryPolicy | CircuitBreakerPolicy | RateLimitPolicy;

/** The cookie with which a Traefik service keeps a session on one server. */
export interface StickyPolicy {
  readonly cookie: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
}

/** Traefik's active health check of a service. One result flips a server's state. */
export interface HealthCheckPolicy {
  readonly path: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** Everything that is configured between one router and the instances behind it. */
export interface RoutePolicy {
  readonly middlewares: readonly Middleware[];
  readonly sticky?: StickyPolicy;
  readonly healthCheck?: HealthCheckPolicy;
}
