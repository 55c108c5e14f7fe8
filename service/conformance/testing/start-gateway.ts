import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBinaries } from '../../../stack/binaries/ensure-binaries.js';
import { eventually } from '../../../stack/components/eventually.js';
import { writeConfiguration } from '../../../stack/gateway/write-configuration.js';
import { FreePorts } from '../../../stack/runtimes/free-ports.js';
import { ProcessRuntime } from '../../../stack/runtimes/process-runtime.js';

/** A real Traefik before one service, which may be started and stopped behind it. */
export interface Gateway extends AsyncDisposable {
  /** `http://host:port` at which clients reach it. */
  readonly url: string;
  /** The port at which it expects the service. */
  readonly servicePort: number;
}

/** The header whose value is the way that a request takes through the gateway; without it nothing stands in between. */
export const WAY = 'x-way';

/** Milliseconds that the gateway waits for headers on the way `impatient`. */
const HEADER_TIMEOUT_MS = 300;

/**
 * Starts Traefik with every way at once, since a change of its configuration would take it seconds. Plain HTTP: the
 * official client takes no certificate authority of ours, and what is asserted here does not depend on it.
 */
export async function startGateway(): Promise<Gateway> {
  const { traefik } = await ensureBinaries({ traefik: '3.7.5' });
  const folder = await mkdtemp(join(tmpdir(), 'conformance-gateway-'));
  const ports = new FreePorts();
  const [entry, servicePort, deadPort] = [await ports.take(), await ports.take(), await ports.take()];
  const [staticFile, dynamicFile] = ['traefik.yml', 'ways.yml'].map((name) => join(folder, name)) as [string, string];
  await writeConfiguration(staticFile, {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    entryPoints: { web: { address: `127.0.0.1:${entry}` } },
    providers: { file: { filename: dynamicFile } },
  });
  await writeConfiguration(dynamicFile, { http: ways(servicePort, deadPort) });
  const runtime = new ProcessRuntime(
    `conformance-${process.pid}`,
    { traefik: { file: traefik.path, args: [] } },
    ports,
  );
  const component = await runtime.start({
    name: 'traefik',
    program: 'traefik',
    args: [`--configFile=${staticFile}`],
    env: {},
    published: [entry],
    folders: [],
    logFile: join(folder, 'traefik.log'),
  });
  const url = `http://127.0.0.1:${entry}`;
  const isRouting = async (signal: AbortSignal): Promise<void> => {
    const { status } = await fetch(url, { signal });
    // Nothing listens behind it yet.
    if (status !== 502) throw new Error(`status ${status}`);
  };
  await eventually('Traefik to route', component, isRouting, {
    timeoutMs: 30_000,
    signal: new AbortController().signal,
  });
  return {
    url,
    servicePort,
    async [Symbol.asyncDispose]() {
      await runtime[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function ways(servicePort: number, deadPort: number): object {
  const way = (name: string, route: object): object => ({
    [name]: { rule: `Header(\`${WAY}\`, \`${name}\`)`, entryPoints: ['web'], service: 'llm', ...route },
  });
  const loadBalancer = (servers: readonly number[], more: object = {}): object => ({
    loadBalancer: { servers: servers.map((port) => ({ url: `http://127.0.0.1:${port}` })), ...more },
  });
  return {
    routers: {
      plain: { rule: 'PathPrefix(`/`)', priority: 1, entryPoints: ['web'], service: 'llm' },
      ...way('compressed', { middlewares: ['compress'] }),
      ...way('compressed-but-streams', { middlewares: ['compress-but-streams'] }),
      ...way('limited', { middlewares: ['one-a-second'] }),
      ...way('dead', { service: 'dead' }),
      ...way('nowhere', { service: 'nowhere' }),
      ...way('impatient', { service: 'impatient' }),
    },
    middlewares: {
      compress: { compress: {} },
      'compress-but-streams': { compress: { excludedContentTypes: ['text/event-stream'] } },
      'one-a-second': { rateLimit: { average: 1, burst: 1 } },
    },
    services: {
      llm: loadBalancer([servicePort]),
      dead: loadBalancer([deadPort]),
      nowhere: loadBalancer([]),
      impatient: loadBalancer([servicePort], { serversTransport: 'impatient' }),
    },
    serversTransports: {
      impatient: { forwardingTimeouts: { responseHeaderTimeout: `${HEADER_TIMEOUT_MS}ms` } },
    },
  };
}
