import type { GatewayScrape } from '../../harness/model/ledger.js';

/** Counters of every route from one scrape, as one line of evidence: route name to its counters. */
export interface GatewayScrapeLine {
  readonly at: number;
  readonly routes: Readonly<Record<string, Pick<GatewayScrape, 'routerRequests' | 'serviceRequests'>>>;
  readonly configReloads: number;
}

const sample = /^traefik_(router|service)_requests_total\{(?<labels>[^}]*)\} (?<value>\S+)$/gm;
const reloads = /^traefik_config_reloads_total (?<value>\S+)$/m;

/** Reads Traefik's metrics once. Counters are summed over method and protocol. Rejects when Traefik does not answer. */
export async function scrapeGateway(url: string, signal: AbortSignal): Promise<GatewayScrapeLine> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`status ${response.status} from ${url}`);
  return parseGatewayMetrics(await response.text(), Date.now());
}

/** Picks the counters out of a text in Prometheus exposition format. */
export function parseGatewayMetrics(text: string, at: number): GatewayScrapeLine {
  const routes: Record<string, { routerRequests: Record<string, number>; serviceRequests: Record<string, number> }> =
    {};
  for (const match of text.matchAll(sample)) {
    const level = match[1];
    const labels = match.groups?.labels ?? '';
    const name = label(labels, level ?? '').replace(/@file$/, '');
    const code = label(labels, 'code');
    const route = routes[name] ?? { routerRequests: {}, serviceRequests: {} };
    routes[name] = route;
    const counters = level === 'router' ? route.routerRequests : route.serviceRequests;
    counters[code] = (counters[code] ?? 0) + Number(match.groups?.value);
  }
  return { at, routes, configReloads: Number(reloads.exec(text)?.groups?.value ?? Number.NaN) };
}

function label(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
}
