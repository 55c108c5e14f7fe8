import { join } from 'node:path';
import { Toxiproxy } from 'toxiproxy-node-client';
import type { Injector } from '../../harness/model/injector.js';
import type { Link } from '../../harness/model/link.js';
import type { Runtime } from '../../harness/model/runtime.js';
import { eventually } from './eventually.js';

/** A link to be made: the proxy's name and the instance that it leads to. */
export interface LinkRequest {
  readonly name: string;
  readonly instance: string;
  /** `host:port` of the instance, as Toxiproxy reaches it. */
  readonly upstream: string;
}

/** A running Toxiproxy with its links up. */
export interface StartedToxiproxy {
  readonly links: readonly Link[];
  readonly injector: Injector;
  readonly version: string;
}

const apiPort = 8474;
const firstLinkPort = 18_000;

/** Starts Toxiproxy and puts up one proxy for each requested link. */
export async function startToxiproxy(
  runtime: Runtime,
  requests: readonly LinkRequest[],
  settings: { readonly logFolder: string; readonly signal: AbortSignal },
): Promise<StartedToxiproxy> {
  const api = await runtime.endpoint('toxiproxy', apiPort);
  const [host, port] = api.listen.split(':');
  const component = await runtime.start({
    name: 'toxiproxy',
    program: 'toxiproxy',
    args: ['-host', host ?? '', '-port', port ?? '', '-proxy-metrics'],
    env: {},
    published: [api.port],
    folders: [],
    logFile: join(settings.logFolder, 'toxiproxy.log'),
  });
  const client = new Toxiproxy(`http://${component.outside(api.port)}`);
  const version = await eventually('Toxiproxy to answer', component, () => client.getVersion(), {
    timeoutMs: 30_000,
    signal: settings.signal,
  });
  const links: Link[] = [];
  for (const [index, { name, instance, upstream }] of requests.entries()) {
    const endpoint = await runtime.endpoint('toxiproxy', firstLinkPort + index);
    await client.createProxy({ name, listen: endpoint.listen, upstream, enabled: true });
    links.push({ name, instance, url: `http://${endpoint.inside}` });
  }
  return { links, injector: injectorOf(client), version: versionIn(version) };
}

function injectorOf(client: Toxiproxy): Injector {
  return {
    async setEnabled(link, enabled) {
      const proxy = await client.get(link.name);
      await proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream });
    },
    async addToxic(link, toxic) {
      const proxy = await client.get(link.name);
      await proxy.addToxic({ ...toxic, toxicity: 1 });
    },
    async removeToxic(link, name) {
      const proxy = await client.get(link.name);
      const toxic = await proxy.getToxic(name);
      await toxic.remove();
    },
  };
}

/** Toxiproxy answers with JSON since 2.5 and with bare text before. */
function versionIn(answer: string): string {
  return /"version"\s*:\s*"([^"]*)"/.exec(answer)?.[1] ?? answer.trim();
}
