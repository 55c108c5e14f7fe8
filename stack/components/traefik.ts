import { join } from 'node:path';
import type { Endpoint, Runtime, StartedComponent } from '../../harness/model/runtime.js';
import { type GatewayCertificate, makeGatewayCertificate } from '../gateway/certificate.js';
import { dynamicConfiguration } from '../gateway/dynamic-configuration.js';
import type { Route } from '../gateway/route.js';
import { staticConfiguration } from '../gateway/static-configuration.js';
import { writeConfiguration } from '../gateway/write-configuration.js';
import { askRoute } from './ask-route.js';
import { eventually } from './eventually.js';

/** A running Traefik that serves every route. */
export interface StartedTraefik {
  readonly component: StartedComponent;
  readonly websecure: Endpoint;
  readonly certificate: GatewayCertificate;
  /** Where the harness scrapes Prometheus metrics. */
  readonly metricsUrl: string;
}

/**
 * Writes the whole configuration, starts Traefik on it and waits until every route leads to every instance. The
 * configuration is complete before the start, because a reload would reset every bucket, breaker and health state.
 */
export async function startTraefik(
  runtime: Runtime,
  routes: readonly Route[],
  settings: {
    readonly configFolder: string;
    readonly evidenceFolder: string;
    readonly logFolder: string;
    readonly signal: AbortSignal;
  },
): Promise<StartedTraefik> {
  const web = await runtime.endpoint('traefik', 8000);
  const websecure = await runtime.endpoint('traefik', 8443);
  const internal = await runtime.endpoint('traefik', 8082);
  const certificate = await makeGatewayCertificate(
    join(settings.configFolder, 'tls'),
    routes.map((route) => route.host),
  );
  const staticFile = join(settings.configFolder, 'traefik.yml');
  const dynamicFolder = join(settings.configFolder, 'dynamic');
  await writeConfiguration(
    staticFile,
    staticConfiguration({
      web: web.listen,
      websecure: websecure.listen,
      websecurePort: websecure.port,
      internal: internal.listen,
      dynamicFolder,
      accessLogFile: join(settings.evidenceFolder, 'access.log'),
    }),
  );
  await writeConfiguration(join(dynamicFolder, 'routes.yml'), dynamicConfiguration(routes, certificate));
  const component = await runtime.start({
    name: 'traefik',
    program: 'traefik',
    args: [`--configFile=${staticFile}`],
    env: {},
    published: [websecure.port, internal.port],
    folders: [
      { path: settings.configFolder, writable: false },
      { path: settings.evidenceFolder, writable: true },
    ],
    logFile: join(settings.logFolder, 'traefik.log'),
  });
  const address = component.outside(websecure.port);
  await Promise.all(
    routes.map(async (route) => {
      const waitingFor = new Set(route.links.map((link) => link.instance));
      await eventually(
        `the route ${route.name} to lead to every instance`,
        component,
        async (signal) => {
          const { status, headers } = await askRoute(address, route.host, '/ready', certificate.caPem, signal);
          if (status === 200) waitingFor.delete(String(headers['x-llm-instance']));
          if (waitingFor.size > 0)
            throw new Error(`status ${status}; no answer yet from ${[...waitingFor].join(', ')}`);
        },
        { timeoutMs: 30_000, signal: settings.signal },
      );
    }),
  );
  return { component, websecure, certificate, metricsUrl: `http://${component.outside(internal.port)}/metrics` };
}
