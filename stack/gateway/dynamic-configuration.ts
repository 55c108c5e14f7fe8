import type { Middleware, RoutePolicy } from '../../harness/model/policy.js';
import { goDuration } from './go-duration.js';
import type { Route } from './route.js';

type Tree = { readonly [key: string]: unknown };

/** Traefik's own form of one middleware. */
function middlewareConfiguration(middleware: Middleware): Tree {
  switch (middleware.kind) {
    case 'retry':
      return { retry: { attempts: middleware.attempts, initialInterval: goDuration(middleware.initialIntervalMs) } };
    case 'circuit-breaker':
      return {
        circuitBreaker: {
          expression: middleware.expression,
          checkPeriod: goDuration(middleware.checkPeriodMs),
          fallbackDuration: goDuration(middleware.fallbackDurationMs),
          recoveryDuration: goDuration(middleware.recoveryDurationMs),
        },
      };
    case 'rate-limit':
      return {
        rateLimit: {
          average: middleware.average,
          period: goDuration(middleware.periodMs),
          burst: middleware.burst,
          ...(middleware.key.by === 'request-header'
            ? { sourceCriterion: { requestHeaderName: middleware.key.name } }
            : {}),
        },
      };
  }
}

function serviceConfiguration(route: Route): Tree {
  const { sticky, healthCheck }: RoutePolicy = route.policy;
  return {
    loadBalancer: {
      ...(sticky && {
        sticky: { cookie: { name: sticky.cookie, secure: sticky.secure, httpOnly: sticky.httpOnly } },
      }),
      ...(healthCheck && {
        healthCheck: {
          path: healthCheck.path,
          interval: goDuration(healthCheck.intervalMs),
          timeout: goDuration(healthCheck.timeoutMs),
        },
      }),
      servers: route.links.map((link) => ({ url: link.url })),
    },
  };
}

/**
 * Traefik's dynamic configuration for a set of routes, as a tree to be written as YAML. Every router sits on
 * `websecure` with TLS; middlewares keep their order, the first being the outermost.
 */
export function dynamicConfiguration(
  routes: readonly Route[],
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
): Tree {
  const named = routes.map((route) => ({
    route,
    middlewares: route.policy.middlewares.map((middleware, place, all) => {
      const earlier = all.slice(0, place).filter(({ kind }) => kind === middleware.kind).length;
      const suffix = earlier === 0 ? '' : `-${earlier + 1}`;
      return [`${route.name}.${middleware.kind}${suffix}`, middlewareConfiguration(middleware)] as const;
    }),
  }));
  const middlewares = Object.fromEntries(named.flatMap((each) => each.middlewares));
  return {
    http: {
      routers: Object.fromEntries(
        named.map(({ route, middlewares: own }) => [
          route.name,
          {
            rule: `Host(\`${route.host}\`)`,
            entryPoints: ['websecure'],
            service: route.name,
            tls: {},
            ...(own.length > 0 && { middlewares: own.map(([name]) => name) }),
          },
        ]),
      ),
      ...(Object.keys(middlewares).length > 0 && { middlewares }),
      services: Object.fromEntries(routes.map((route) => [route.name, serviceConfiguration(route)])),
    },
    tls: {
      certificates: [{ certFile, keyFile }],
      stores: { default: { defaultCertificate: { certFile, keyFile } } },
    },
  };
}
