import { z } from 'zod';
import type { GatewayRecord, GatewayScrape } from '../../harness/model/ledger.js';
import { type Lines, readLines } from './read-lines.js';

const accessLine = z.looseObject({
  RouterName: z.string().optional(),
  StartUTC: z.string(),
  Duration: z.number(),
  DownstreamStatus: z.number(),
  OriginStatus: z.number(),
  ServiceURL: z.string().optional(),
  ClientHost: z.string(),
  'request_X-Request-Id': z.string().optional(),
});

const counters = z.record(z.string(), z.number());
const scrapeLine = z.object({
  at: z.number(),
  routes: z.record(z.string(), z.object({ routerRequests: counters, serviceRequests: counters })),
  configReloads: z.number().nullable(),
});

/** Epoch milliseconds with fractions: `Date` alone would cut an RFC 3339 time off after the milliseconds. */
function preciseInstant(text: string): number {
  const fraction = /\.(\d+)Z$/.exec(text)?.[1] ?? '';
  const subMs = Number(`0.${fraction.slice(3).padEnd(1, '0')}`);
  const instant = Date.parse(text.replace(/\.\d+Z$/, `.${fraction.padEnd(3, '0').slice(0, 3)}Z`)) + subMs;
  if (!Number.isFinite(instant)) throw new Error(`no time: ${text}`);
  return instant;
}

/** Reads Traefik's access log: every line with the route it belongs to, in order of arrival. */
export async function readAccessLog(path: string): Promise<Lines<GatewayRecord & { readonly route: string }>> {
  const lines = await readLines(path, "Traefik's access log", accessLine, (line) => ({
    route: (line.RouterName ?? '').replace(/@file$/, ''),
    requestId: line['request_X-Request-Id'] ?? '',
    startedAt: preciseInstant(line.StartUTC),
    durationMs: line.Duration / 1e6,
    status: line.DownstreamStatus,
    originStatus: line.OriginStatus,
    serverUrl: line.ServiceURL ?? '',
    clientHost: line.ClientHost,
  }));
  return { rows: lines.rows.toSorted((a, b) => a.startedAt - b.startedAt), gaps: lines.gaps };
}

/** Reads the scrapes of Traefik's counters, each still with all routes. */
export async function readScrapes(path: string): Promise<Lines<{ at: number; of(route: string): GatewayScrape }>> {
  return readLines(path, "the scrapes of Traefik's counters", scrapeLine, (line) => ({
    at: line.at,
    of: (route) => ({
      at: line.at,
      routerRequests: line.routes[route]?.routerRequests ?? {},
      serviceRequests: line.routes[route]?.serviceRequests ?? {},
      configReloads: line.configReloads ?? Number.NaN,
    }),
  }));
}
