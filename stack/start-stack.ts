import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Injector } from '../harness/model/injector.js';
import type { Link } from '../harness/model/link.js';
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
  /** Host of a route that leads nowhere until the gate is opened: load generators wait for it. */
  readonly gate: { readonly host: string; open(): Promise<void> };
  /** `host:port` of the gateway as the load generator reaches it from beside Traefik. */
  readonly gateway: string;
  /** `host:port` of the gateway as the harness and people on this machine reach it. */
  readonly gatewayOutside: string;
  readonly caFile: string;
  readonly metricsUrl: string;
  readonly versions: Readonly<Record<string, string>>;
}

const instanceIds = ['llm-1', 'llm-2', 'llm-3'] as const;

const gateRoute = { name: 'gate', policy: { middlewares: [] } };

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
  const wanted = [...spec.routes, gateRoute];
  const toxiproxy = await startToxiproxy(
    runtime,
    wanted.flatMap((route) =>
      instances.map((instance) => ({
        name: `${route.name}.${instance.id}`,
        instance: instance.id,
        upstream: instance.endpoint.inside,
      })),
    ),
    { logFolder: folders.logs, signal },
  );
  const all = wanted.map(({ name, policy }, index) => ({
    name,
    policy,
    host: hostOf(name),
    links: linksOfRoute(toxiproxy.links, index),
  }));
  const traefik = await startTraefik(runtime, all, {
    configFolder: folders.config,
    evidenceFolder: folders.gateway,
    logFolder: folders.logs,
    signal,
  });
  const { injector } = toxiproxy;
  const gateLinks = all.at(-1)?.links ?? [];
  const setGate = async (open: boolean): Promise<void> => {
    await Promise.all(gateLinks.map((link) => injector.setEnabled(link, open)));
  };
  await setGate(false);
  return {
    routes: all.slice(0, -1),
    injector,
    gate: { host: hostOf(gateRoute.name), open: () => setGate(true) },
    instances: instanceIds,
    gateway: `127.0.0.1:${traefik.websecure.port}`,
    gatewayOutside: traefik.component.outside(traefik.websecure.port),
    caFile: traefik.certificate.caFile,
    metricsUrl: traefik.metricsUrl,
    versions: { toxiproxy: toxiproxy.version },
  };
}

function linksOfRoute(links: readonly Link[], route: number): readonly Link[] {
  return links.slice(route * instanceIds.length, (route + 1) * instanceIds.length);
}
