import type { GatewayScrapeLine } from '../../stack/components/scrape-gateway.js';

/** Running counts of an arm, for people: `312 requests: 280 × 200, 32 × 503`. Empty before the first request. */
export function armCounts(scrape: GatewayScrapeLine | undefined, arm: string): string {
  const counters = scrape?.routes[arm]?.routerRequests ?? {};
  const codes = Object.entries(counters)
    .filter(([, value]) => value > 0)
    .sort(([a], [b]) => a.localeCompare(b));
  const total = codes.reduce((sum, [, value]) => sum + value, 0);
  return total === 0 ? '' : `${total} requests: ${codes.map(([code, value]) => `${value} × ${code}`).join(', ')}`;
}
