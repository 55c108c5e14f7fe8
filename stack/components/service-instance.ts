import { join } from 'node:path';
import type { Endpoint, Runtime, StartedComponent } from '../../harness/model/runtime.js';
import { eventually } from './eventually.js';

/** A running instance of the reference service. */
export interface ServiceInstance {
  readonly id: string;
  readonly component: StartedComponent;
  readonly endpoint: Endpoint;
}

/** Starts one instance that keeps its journal in `journalFolder`, and waits until it says that it is ready. */
export async function startServiceInstance(
  runtime: Runtime,
  settings: {
    readonly id: string;
    readonly seed: number;
    readonly journalFolder: string;
    readonly logFolder: string;
    readonly signal: AbortSignal;
  },
): Promise<ServiceInstance> {
  const endpoint = await runtime.endpoint(settings.id, 8080);
  const component = await runtime.start({
    name: settings.id,
    program: 'service',
    args: [],
    env: {
      NODE_ENV: 'production',
      LISTEN_HOST: endpoint.listen.slice(0, endpoint.listen.lastIndexOf(':')),
      PORT: String(endpoint.port),
      INSTANCE_ID: settings.id,
      SEED: String(settings.seed),
      JOURNAL: join(settings.journalFolder, `${settings.id}.ndjson`),
    },
    published: [endpoint.port],
    folders: [{ path: settings.journalFolder, writable: true }],
    logFile: join(settings.logFolder, `${settings.id}.log`),
  });
  await eventually(
    `${settings.id} to be ready`,
    component,
    async (signal) => {
      const response = await fetch(`http://${component.outside(endpoint.port)}/ready`, { signal });
      if (!response.ok) throw new Error(`status ${response.status} from /ready`);
    },
    { timeoutMs: 30_000, signal: settings.signal },
  );
  return { id: settings.id, component, endpoint };
}
