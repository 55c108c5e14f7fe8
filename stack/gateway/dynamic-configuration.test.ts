import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Middleware, RoutePolicy } from '../../harness/model/policy.js';
import { dynamicConfiguration } from './dynamic-configuration.js';
import type { Route } from './route.js';

const files = { certFile: '/tls/gateway.pem', keyFile: '/tls/gateway-key.pem' };

function route(name: string, policy: RoutePolicy, ports: readonly number[] = [15_876]): Route {
  const links = ports.map((port, index) => ({
    name: `${name}.llm-${index + 1}`,
    instance: `llm-${index + 1}`,
    url: `http://127.0.0.1:${port}`,
  }));
  return { name, host: `${name.replace('.', '-')}.gauntlet.test`, policy, links };
}

const retry: Middleware = { kind: 'retry', attempts: 3, initialIntervalMs: 100 };
const breaker: Middleware = {
  kind: 'circuit-breaker',
  expression: 'NetworkErrorRatio() > 0.30',
  checkPeriodMs: 10_000,
  fallbackDurationMs: 30_000,
  recoveryDurationMs: 30_000,
};
const limit: Middleware = {
  kind: 'rate-limit',
  average: 100,
  periodMs: 60_000,
  burst: 200,
  key: { by: 'peer-address' },
};

interface Configuration {
  readonly http: {
    readonly routers: Readonly<Record<string, { readonly middlewares?: readonly string[] }>>;
    readonly middlewares?: Readonly<Record<string, unknown>>;
  };
}

function configuration(...routes: Route[]): Configuration {
  return dynamicConfiguration(routes, files) as unknown as Configuration;
}

test("is this text for the plan's values", () => {
  const tree = dynamicConfiguration(
    [
      route(
        'chat.subject',
        {
          middlewares: [limit, breaker, retry],
          sticky: { cookie: 'llm-instance', secure: true, httpOnly: true },
          healthCheck: { path: '/health', intervalMs: 10_000, timeoutMs: 3_000 },
        },
        [15_876, 15_877, 15_878],
      ),
      route('chat.control', { middlewares: [] }),
    ],
    files,
  );
  expect(stringify(tree)).toBe(`\
http:
  routers:
    chat.subject:
      rule: Host(\`chat-subject.gauntlet.test\`)
      entryPoints:
        - websecure
      service: chat.subject
      tls: {}
      middlewares:
        - chat.subject.rate-limit
        - chat.subject.circuit-breaker
        - chat.subject.retry
    chat.control:
      rule: Host(\`chat-control.gauntlet.test\`)
      entryPoints:
        - websecure
      service: chat.control
      tls: {}
  middlewares:
    chat.subject.rate-limit:
      rateLimit:
        average: 100
        period: 1m
        burst: 200
    chat.subject.circuit-breaker:
      circuitBreaker:
        expression: NetworkErrorRatio() > 0.30
        checkPeriod: 10s
        fallbackDuration: 30s
        recoveryDuration: 30s
    chat.subject.retry:
      retry:
        attempts: 3
        initialInterval: 100ms
  services:
    chat.subject:
      loadBalancer:
        sticky:
          cookie:
            name: llm-instance
            secure: true
            httpOnly: true
        healthCheck:
          path: /health
          interval: 10s
          timeout: 3s
        servers:
          - url: http://127.0.0.1:15876
          - url: http://127.0.0.1:15877
          - url: http://127.0.0.1:15878
    chat.control:
      loadBalancer:
        servers:
          - url: http://127.0.0.1:15876
tls:
  certificates:
    - certFile: /tls/gateway.pem
      keyFile: /tls/gateway-key.pem
  stores:
    default:
      defaultCertificate:
        certFile: /tls/gateway.pem
        keyFile: /tls/gateway-key.pem
`);
});

describe('middlewares', () => {
  test.each([[[retry, breaker, limit]], [[limit, retry, breaker]], [[breaker, limit, retry]]])(
    'keep their order, the first being the outermost (case %#)',
    (middlewares) => {
      const { routers } = configuration(route('a.subject', { middlewares })).http;
      expect(routers['a.subject']?.middlewares).toEqual(middlewares.map(({ kind }) => `a.subject.${kind}`));
    },
  );

  test('of one route are not those of another', () => {
    const { http } = configuration(
      route('a.subject', { middlewares: [retry] }),
      route('b.subject', { middlewares: [{ ...retry, attempts: 5 }] }),
    );
    expect(http.middlewares).toEqual({
      'a.subject.retry': { retry: { attempts: 3, initialInterval: '100ms' } },
      'b.subject.retry': { retry: { attempts: 5, initialInterval: '100ms' } },
    });
  });

  test('of the same kind on one route are both there', () => {
    const { http } = configuration(route('a.subject', { middlewares: [limit, { ...limit, average: 5 }] }));
    expect(new Set(http.routers['a.subject']?.middlewares).size).toBe(2);
    expect(Object.keys(http.middlewares ?? {})).toHaveLength(2);
  });

  test('are left out where no route has one: Traefik rejects an empty section', () => {
    expect(configuration(route('a.control', { middlewares: [] })).http).not.toHaveProperty('middlewares');
  });

  test('name the header that a limit is keyed on', () => {
    const key = { by: 'request-header', name: 'X-Forwarded-For' } as const;
    const { http } = configuration(route('a.subject', { middlewares: [{ ...limit, key }] }));
    expect(http.middlewares?.['a.subject.rate-limit']).toMatchObject({
      rateLimit: { sourceCriterion: { requestHeaderName: 'X-Forwarded-For' } },
    });
  });
});
