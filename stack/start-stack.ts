import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Injector, Link } from '../harness/model/fault.js';
import type { RoutePolicy } from '../harness/model/policy.js';
import type { Runtime } from '../harness/model/runtime.js';
import { startServiceInstance } from './components/service-instance.js';
import { startToxiproxy } from './components/toxiproxy.js';
import { startTraefik } from './components/traefik.js';
import type { Route } from './gateway/route.js';

/** What to start: a route for every arm, in front of three instances that all arms share. */
export interface StackSpec {
  readonly routes: readonly { readonly name: string; readonly policy: RoutePolicy }[];
  readonly seed: number;
  /** The run's folder; configuration, evidence and logs are written below it. */
  readonly folder: string;
}

/** A stack that answers on every route. It ends with the runtime that it was started in. */
export interface StartedStack {
  readonly routes: readonly Route[];
  readonly injector: Injector;
  readonly instances: readonly string[];
  /** `host:port` of the gateway as the load generator reaches it from beside Traefik. */
  readonly gateway: string;
  readonly caFile: string;
  readonly metricsUrl: string;
  readonly versions: Readonly<Record<string, string>>;
}

const instanceIds = ['llm-1', 'llm-2', 'llm-3'] as const;

/** Host name of a route. It exists only inside a run; the load generator is told where it leads. */
function hostOf(name: string): string {
  return `${name.replaceAll('.', '-')}.gauntlet.test`;
}

/** Starts instances, links and gateway, in that order, and returns when every route leads to every instance. */
export async function startStack(runtime: Runtime, spec: StackSpec, signal: AbortSignal): Promise<StartedStack> {
  const folders = {
    config: join(spec.folder, 'config'),
    gateway: join(spec.folder, 'evidence', 'gateway'),
    service: join(spec.folder, 'evidence', 'service'),
    logs: join(spec.folder, 'logs'),
  };
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder, { recursive: true })));
  const instances = await Promise.all(
    instanceIds.map((id) =>
      startServiceInstance(runtime, {
        id,
        seed: spec.seed,
        journalFolder: folders.service,
        logFolder: folders.logs,
        signal,
      }),
    ),
  );
  const toxiproxy = await startToxiproxy(
    runtime,
    spec.routes.flatMap((route) =>
      instances.map((instance) => ({
        name: `${route.name}.${instance.id}`,
        instance: instance.id,
        upstream: instance.endpoint.inside,
      })),
    ),
    { logFolder: folders.logs, signal },
  );
  const routes = spec.routes.map(({ name, policy }, index) => ({
    name,
    policy,
    host: hostOf(name),
    links: linksOfRoute(toxiproxy.links, index),
  }));
  const traefik = await startTraefik(runtime, routes, {
    configFolder: folders.config,
    evidenceFolder: folders.gateway,
    logFolder: folders.logs,
    signal,
  });
  return {
    routes,
    injector: toxiproxy.injector,
    instances: instanceIds,
    gateway: `127.0.0.1:${traefik.websecure.port}`,
    caFile: traefik.certificate.caFile,
    metricsUrl: traefik.metricsUrl,
    versions: { toxiproxy: toxiproxy.version },
  };
}

function linksOfRoute(links: readonly Link[], route: number): readonly Link[] {
  return links.slice(route * instanceIds.length, (route + 1) * instanceIds.length);
}
