import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';

/**
 * Sends one GET through the gateway to the route of `host`, on a connection of its own, trusting `caPem` alone.
 *
 * @param address `host:port` under which the harness reaches the gateway
 */
export function askRoute(
  address: string,
  host: string,
  path: string,
  caPem: string,
  signal: AbortSignal,
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  const [hostname, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        path,
        servername: host,
        headers: { host, 'x-request-id': `readiness.${host}` },
        ca: caPem,
        agent: false,
        signal,
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
        response.once('error', reject);
      },
    );
    outgoing.once('error', reject);
    outgoing.end();
  });
}
