import { join } from 'node:path';
import type { Runtime, StartedComponent } from '../../harness/model/runtime.js';
import { eventually } from './eventually.js';

/** The delays of every answer, in milliseconds: of the first token, and of each further one. */
export interface Timing {
  readonly ttftMs: number;
  readonly gapMs: number;
  readonly tokens: number;
}

/** A running known-delay server. Its journal is complete when it has been stopped. */
export interface StartedDelayServer {
  readonly component: StartedComponent;
  /** `host:port`, for components beside it. */
  readonly address: string;
}

/**
 * Starts a server that answers chat completions with exactly these delays and writes down when each token really left,
 * and waits until it answers. It is part of our k6.
 */
export async function startDelayServer(
  runtime: Runtime,
  settings: {
    readonly name: string;
    readonly timing: Timing;
    readonly journal: string;
    readonly logFolder: string;
    readonly signal: AbortSignal;
  },
): Promise<StartedDelayServer> {
  const { name, timing } = settings;
  const endpoint = await runtime.endpoint(name, 8090);
  const component = await runtime.start({
    name,
    program: 'k6',
    args: [
      'x',
      'delay-server',
      `--listen=${endpoint.listen}`,
      `--journal=${settings.journal}`,
      `--timing=ttft=${timing.ttftMs}&gap=${timing.gapMs}&tokens=${timing.tokens}`,
    ],
    // k6 would report the use of a subcommand when it ends, and wait for the answer.
    env: { K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' },
    published: [endpoint.port],
    folders: [],
    logFile: join(settings.logFolder, `${name}.log`),
  });
  await eventually(
    'the known-delay server to answer',
    component,
    async (signal) => {
      const response = await fetch(`http://${component.outside(endpoint.port)}/health`, { signal });
      if (!response.ok) throw new Error(`status ${response.status} from /health`);
    },
    { timeoutMs: 30_000, signal: settings.signal },
  );
  return { component, address: endpoint.inside };
}
