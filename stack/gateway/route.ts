import type { Link } from '../../harness/model/link.js';
import type { RoutePolicy } from '../../harness/model/policy.js';

/**
 * One way through the gateway: a host name, the policies on it and the servers behind it. Each arm of an experiment has
 * a route of its own, so its buckets, breaker, cookies and health state are its own too.
 */
export interface Route {
  /** Name of the router and of the service in Traefik's configuration. */
  readonly name: string;
  readonly host: string;
  readonly policy: RoutePolicy;
  readonly links: readonly Link[];
}
