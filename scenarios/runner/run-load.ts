import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFiles } from '../../harness/model/recording.js';
import type { Runtime, StartedComponent } from '../../harness/model/runtime.js';
import { type LoadPlan, readyAnnouncement, startAnnouncement } from '../pure/load-plan.js';
import { clientCount } from '../pure/schedule.js';
import { bundleScenario } from './bundle.js';

/** How a load ended: whole, or what k6 said about it. */
export interface LoadEnd {
  readonly exitCode: number | null;
  /** Error lines from k6's log, in its own words. */
  readonly errors: readonly string[];
}

/** A running load. Disposing ends the generator. */
export interface RunningLoad extends AsyncDisposable {
  /** Settles when the generator waits at the gate, or has ended before it came so far. */
  readonly ready: Promise<void>;
  /** Epoch milliseconds from which the schedule counts; undefined when k6 ended before it announced a start. */
  readonly startsAt: Promise<number | undefined>;
  readonly ended: Promise<LoadEnd>;
}

/** What the load of one arm needs to know about the stack. */
export interface LoadTarget {
  /** Component beside which the generator runs, reaching it on loopback. */
  readonly besides: string;
  readonly caFile: string;
}

/** The load plan inside the evidence folder of an arm. */
const planFile = 'load.json';

const firstClientAddress = '127.0.0.2';

/** The `--local-ips` range in which client 1 has the first address, client 2 the next one, and so on. */
function clientAddresses(count: number): string {
  const last = 1 + count;
  return count === 1 ? firstClientAddress : `${firstClientAddress}-127.0.${Math.floor(last / 256)}.${last % 256}`;
}

/**
 * Bundles the scenario and starts k6 on it. Each client sends from a loopback address of its own, so that the gateway
 * sees as many peers as there are clients.
 *
 * @param folder evidence folder of the arm; the bundle, the plan and k6's output go there
 */
export async function startLoad(
  runtime: Runtime,
  scenario: string,
  plan: LoadPlan,
  target: LoadTarget,
  folders: { readonly evidence: string; readonly config: string; readonly logs: string },
): Promise<RunningLoad> {
  await mkdir(folders.evidence, { recursive: true });
  const script = join(folders.evidence, `${scenario}.js`);
  const config = join(folders.evidence, 'k6.json');
  await bundleScenario(scenario, script);
  await writeFile(join(folders.evidence, planFile), `${JSON.stringify(plan, null, 2)}\n`);
  await writeFile(config, '{}\n');
  const errors: string[] = [];
  let announce: (startsAt: number | undefined) => void = () => undefined;
  const startsAt = new Promise<number | undefined>((resolve) => {
    announce = resolve;
  });
  let becomeReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });
  const component: StartedComponent = await runtime.start({
    name: `k6.${plan.arm}`,
    program: 'k6',
    args: [
      'run',
      '--quiet',
      '--no-color',
      '--no-usage-report',
      '--no-thresholds',
      '--summary-mode=disabled',
      '--system-tags=status,scenario',
      '--log-format=json',
      `--config=${config}`,
      `--local-ips=${clientAddresses(clientCount(plan.traffic))}`,
      `--out=gauntlet=${join(folders.evidence, runFiles.clientRecords)}`,
      script,
    ],
    env: {
      GAUNTLET_LOAD: join(folders.evidence, planFile),
      SSL_CERT_FILE: target.caFile,
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
    },
    published: [],
    folders: [
      { path: folders.evidence, writable: true },
      { path: folders.config, writable: false },
    ],
    besides: target.besides,
    logFile: join(folders.logs, `k6.${plan.arm}.log`),
    onLine(line) {
      const entry = parseLogLine(line);
      if (entry.level === 'error' || entry.level === 'fatal') errors.push(entry.msg);
      if (entry.msg === readyAnnouncement) becomeReady();
      if (entry.msg.startsWith(startAnnouncement)) announce(Number(entry.msg.slice(startAnnouncement.length)));
    },
  });
  const ended = component.exited.then(({ code }) => {
    becomeReady();
    announce(undefined);
    return { exitCode: code, errors };
  });
  return { ready, startsAt, ended, [Symbol.asyncDispose]: () => component.stop() };
}

function parseLogLine(line: string): { level: string; msg: string } {
  try {
    const { level, msg } = JSON.parse(line) as { level?: unknown; msg?: unknown };
    return { level: String(level ?? ''), msg: String(msg ?? '') };
  } catch {
    return { level: '', msg: line };
  }
}
