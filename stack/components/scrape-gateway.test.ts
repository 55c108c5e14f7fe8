import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { parseGatewayMetrics, scrapeGateway } from './scrape-gateway.js';

const text = `\
# HELP traefik_config_reloads_total Config reloads
# TYPE traefik_config_reloads_total counter
traefik_config_reloads_total 2
# TYPE traefik_entrypoint_requests_total counter
traefik_entrypoint_requests_total{code="200",entrypoint="websecure",method="GET",protocol="http"} 40
# TYPE traefik_router_requests_total counter
traefik_router_requests_total{code="200",method="GET",protocol="http",router="retry.subject@file",service="retry.subject@file"} 3
traefik_router_requests_total{code="200",method="POST",protocol="http",router="retry.subject@file",service="retry.subject@file"} 27
traefik_router_requests_total{code="502",method="POST",protocol="http",router="retry.control@file",service="retry.control@file"} 9
traefik_router_requests_tls_total{router="retry.subject@file",service="retry.subject@file",tls_cipher="x",tls_version="1.3"} 99
# TYPE traefik_service_requests_total counter
traefik_service_requests_total{code="200",method="POST",protocol="http",service="retry.subject@file"} 30
traefik_service_requests_total{code="502",method="POST",protocol="http",service="retry.subject@file"} 1.5e+01
traefik_service_requests_total{code="502",method="POST",protocol="http",service="retry.control@file"} 9
traefik_service_request_duration_seconds_sum{code="200",method="POST",protocol="http",service="retry.subject@file"} 0.4
`;

describe('parseGatewayMetrics', () => {
  test('sums the counters of each route by status code, over methods and protocols', () => {
    expect(parseGatewayMetrics(text, 17)).toEqual({
      at: 17,
      configReloads: 2,
      routes: {
        'retry.subject': { routerRequests: { '200': 30 }, serviceRequests: { '200': 30, '502': 15 } },
        'retry.control': { routerRequests: { '502': 9 }, serviceRequests: { '502': 9 } },
      },
    });
  });

  test('does not take a missing reload counter for none', () => {
    expect(parseGatewayMetrics('', 17)).toEqual({ at: 17, configReloads: Number.NaN, routes: {} });
  });
});

describe('scrapeGateway', () => {
  async function answering(status: number): Promise<AsyncDisposable & { readonly url: string }> {
    const server = createServer((_request, response) => response.writeHead(status).end(text));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
      [Symbol.asyncDispose]: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  }

  test('reads the counters over HTTP and says when', async () => {
    await using gateway = await answering(200);
    const before = Date.now();
    const line = await scrapeGateway(gateway.url, AbortSignal.timeout(5_000));
    expect(line.routes['retry.control']).toEqual({ routerRequests: { '502': 9 }, serviceRequests: { '502': 9 } });
    expect(line.at).toBeGreaterThanOrEqual(before);
    expect(line.at).toBeLessThanOrEqual(Date.now());
  });

  test('rejects an answer that is not one', async () => {
    await using gateway = await answering(503);
    await expect(scrapeGateway(gateway.url, AbortSignal.timeout(5_000))).rejects.toThrow('status 503');
  });
});
