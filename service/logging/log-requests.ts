import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import type { Exchanges } from '../exchanges.js';
import type { TrustedProxies } from './trusted-proxies.js';

/** What a proxy says about where a request came from. */
const CLAIMS = {
  for: 'x-forwarded-for',
  host: 'x-forwarded-host',
  port: 'x-forwarded-port',
  proto: 'x-forwarded-proto',
  server: 'x-forwarded-server',
  realIp: 'x-real-ip',
} as const;
const SHOWN_CHARACTERS = 200;
/** Asked for every second or so by gateways and monitors. */
const ROUTINE = new Set(['/health', '/ready', '/metrics']);

/**
 * Logs every request when it has ended: at `info`, those of gateways and monitors at `debug`. `client` is the address
 * that is believed; `forwarded` is what the request's headers claim, believed or not. No other header, no query string
 * and no body is logged.
 */
export function logRequests(logger: Logger, exchanges: Exchanges, proxies: TrustedProxies): void {
  exchanges.onFinished(({ requestId, method, path, status, completed, arrivedAt, finishedAt, peer, headers }) => {
    const level = ROUTINE.has(path) ? 'debug' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    logger[level]({
      event: 'request',
      requestId: shorten(requestId),
      method,
      path: shorten(path),
      status,
      completed,
      durationMs: Math.round((finishedAt - arrivedAt) * 1000) / 1000,
      client: proxies.originOf(peer, headers),
      forwarded: claims(headers),
    });
  });
}

function claims(headers: IncomingHttpHeaders): Record<string, string> | undefined {
  const given = Object.entries(CLAIMS).flatMap(([name, header]) => {
    const value = headers[header]?.toString();
    return value === undefined ? [] : [[name, shorten(value)] as const];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function shorten(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
