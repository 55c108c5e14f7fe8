import type { ArmLedger, GatewayScrape } from '../model/ledger.js';

/** Sum of a set of counters, over all status codes or over one. */
function total(counters: Readonly<Record<string, number>>, code?: string): number {
  if (code !== undefined) return counters[code] ?? 0;
  return Object.values(counters).reduce((sum, value) => sum + value, 0);
}

/**
 * The last scrape before `from` and the first one after `until`, or undefined when the scrapes do not enclose that time.
 * Counters move when a response ends, so what was in flight at either scrape may be missing or extra.
 */
export function enclosingScrapes(
  ledger: ArmLedger,
  from: number,
  until: number,
): { before: GatewayScrape; after: GatewayScrape } | undefined {
  const before = ledger.scrapes.findLast((scrape) => scrape.at <= from);
  const after = ledger.scrapes.find((scrape) => scrape.at >= until);
  return before && after && { before, after };
}

/** Attempts at servers, counted by Traefik, that ended with `code` between two scrapes. */
export function attempts(before: GatewayScrape, after: GatewayScrape, code?: string): number {
  return total(after.serviceRequests, code) - total(before.serviceRequests, code);
}

/**
 * Attempts beyond the first one of each request between two scrapes: service-level minus router-level requests, since
 * every attempt passes the service counter once and every request the router counter once. (Traefik's own retry counter
 * is never filled.) Holds where every request reaches the balancer, so not behind a limiter or breaker.
 */
export function extraAttempts(before: GatewayScrape, after: GatewayScrape): number {
  return attempts(before, after) - (total(after.routerRequests) - total(before.routerRequests));
}
