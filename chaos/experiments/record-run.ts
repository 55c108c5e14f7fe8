import { setMaxListeners } from 'node:events';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ArmRole, armName, type Experiment } from '../../harness/model/experiment.js';
import type { FaultRecord } from '../../harness/model/fault-record.js';
import type { GeneratorAccuracy } from '../../harness/model/generator-accuracy.js';
import { type RecordedArm, type Recording, runFiles } from '../../harness/model/recording.js';
import type { Runtime } from '../../harness/model/runtime.js';
import { startLoad } from '../../scenarios/runner/run-load.js';
import { type GatewayScrapeLine, scrapeGateway } from '../../stack/components/scrape-gateway.js';
import { type StartedStack, startStack } from '../../stack/start-stack.js';
import { runTimeline, type TimelineEvent } from '../timeline.js';

/** How a person reaches a stack from this machine. */
export interface StackAccess {
  /** `host:port` of the gateway's TLS entry point. */
  readonly gateway: string;
  readonly hosts: readonly string[];
  readonly caFile: string;
}

/** What a recording reports while it goes on. */
export type RecordingEvent =
  | { readonly type: 'stack-starting' }
  | { readonly type: 'stack-ready'; readonly elapsedMs: number; readonly access: StackAccess }
  | { readonly type: 'load-started'; readonly arm: string; readonly durationMs: number }
  | { readonly type: 'load-ended'; readonly arm: string; readonly exitCode: number | null }
  | { readonly type: 'scrape'; readonly scrape: GatewayScrapeLine }
  | TimelineEvent;

/** What a recording needs from outside. */
export interface RecordingOptions {
  readonly run: string;
  readonly folder: string;
  readonly seed: number;
  readonly runtime: Runtime;
  readonly versions: Readonly<Record<string, string>>;
  /** What is known of the load generator on this machine; it becomes part of what is judged. */
  readonly calibration?: GeneratorAccuracy | undefined;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RecordingEvent) => void;
}

const roles: readonly ArmRole[] = ['subject', 'control'];
const scrapeEveryMs = 1_000;

/**
 * Runs both arms of every experiment side by side in one stack and writes down what each vantage saw. Judges nothing.
 * When it returns, the runtime is down and every evidence file is complete.
 */
export async function recordRun(experiments: readonly Experiment[], options: RecordingOptions): Promise<Recording> {
  const began = new Date();
  // Every arm listens.
  setMaxListeners(0, options.signal);
  const arms = experiments.flatMap((experiment) =>
    roles.map((role) => ({
      experiment,
      role,
      name: armName(experiment.id, role),
      policy: role === 'subject' ? experiment.policy : experiment.control.policy,
    })),
  );
  await mkdir(join(options.folder, 'evidence'), { recursive: true });
  const recorded = await (async () => {
    // Leaving this scope ends every component, so that what they buffer is on disk before anyone reads it.
    await using _runtime = options.runtime;
    options.onEvent({ type: 'stack-starting' });
    const stack = await startStack(
      options.runtime,
      { routes: arms, seed: options.seed, folder: options.folder },
      options.signal,
    );
    options.onEvent({
      type: 'stack-ready',
      elapsedMs: Date.now() - began.getTime(),
      access: { gateway: stack.gatewayOutside, hosts: stack.routes.map((route) => route.host), caFile: stack.caFile },
    });
    const loadsEnded = new AbortController();
    const scraping = scrapeUntil(stack, options, loadsEnded.signal);
    try {
      const gate = startTogether(arms.length, () => stack.gate.open());
      const results = await Promise.all(arms.map((arm) => recordArm(arm, stack, gate, options)));
      options.signal.throwIfAborted();
      return { results, stack };
    } finally {
      loadsEnded.abort();
      await scraping;
    }
  })();
  await writeFile(
    join(options.folder, runFiles.faults),
    recorded.results
      .flatMap((each) => each.faults)
      .map((fault) => `${JSON.stringify(fault)}\n`)
      .join(''),
  );
  const recording: Recording = {
    run: options.run,
    profile: 'default',
    runtime: options.runtime.name,
    versions: { ...options.versions, ...recorded.stack.versions },
    seed: options.seed,
    startedAt: began.toISOString(),
    durationMs: Date.now() - began.getTime(),
    ...(options.calibration !== undefined && { calibration: options.calibration }),
    arms: recorded.results.map((each) => each.arm),
  };
  await writeFile(join(options.folder, runFiles.recording), `${JSON.stringify(recording, null, 2)}\n`);
  return recording;
}

/**
 * Opens the gate when as many generators as expected are ready, so that none disturbs another one's load by starting.
 *
 * @returns to be called with each generator's readiness
 */
function startTogether(expected: number, open: () => Promise<void>): (ready: Promise<void>) => void {
  let missing = expected;
  return (ready) => {
    void ready.then(async () => {
      missing -= 1;
      // A gate that does not open shows in the evidence: generators that never started.
      if (missing === 0) await open().catch(() => undefined);
    });
  };
}

interface Arm {
  readonly experiment: Experiment;
  readonly role: ArmRole;
  readonly name: string;
  readonly policy: Experiment['policy'];
}

async function recordArm(
  arm: Arm,
  stack: StartedStack,
  gate: (ready: Promise<void>) => void,
  options: RecordingOptions,
): Promise<{ arm: RecordedArm; faults: readonly FaultRecord[] }> {
  const route = stack.routes.find((each) => each.name === arm.name);
  if (route === undefined) throw new Error(`the stack has no route for ${arm.name}`);
  const { experiment } = arm;
  const traffic = { ...experiment.traffic, seed: options.seed };
  await using load = await startLoad(
    options.runtime,
    experiment.scenario,
    {
      arm: arm.name,
      baseUrl: `https://${route.host}`,
      hosts: { [route.host]: stack.gateway, [stack.gate.host]: stack.gateway },
      gate: `https://${stack.gate.host}/health`,
      traffic,
      affinityCookie: experiment.policy.sticky?.cookie ?? '',
      seed: options.seed,
    },
    { besides: 'traefik', caFile: stack.caFile },
    {
      evidence: join(options.folder, runFiles.client(arm.name)),
      config: join(options.folder, 'config'),
      logs: join(options.folder, 'logs'),
    },
  );
  const onAbort = (): void => void load[Symbol.asyncDispose]();
  options.signal.addEventListener('abort', onAbort, { once: true });
  // An abort that came while the generator was starting has fired already.
  if (options.signal.aborted) onAbort();
  gate(load.ready);
  const startedAt = await load.startsAt;
  let faults: readonly FaultRecord[] = [];
  if (startedAt !== undefined) {
    const durationMs = Math.max(
      ...experiment.traffic.groups.flatMap((group) => group.stages.map((stage) => stage.untilMs)),
    );
    options.onEvent({ type: 'load-started', arm: arm.name, durationMs });
    faults = await runTimeline(
      experiment.timeline,
      { name: arm.name, links: route.links, startsAt: startedAt },
      stack.injector,
      { signal: options.signal, onEvent: options.onEvent },
    );
  }
  const end = await load.ended;
  options.signal.removeEventListener('abort', onAbort);
  options.onEvent({ type: 'load-ended', arm: arm.name, exitCode: end.exitCode });
  return {
    arm: {
      name: arm.name,
      experiment: experiment.id,
      role: arm.role,
      policy: arm.policy,
      links: route.links,
      traffic,
      startedAt,
      load: end,
    },
    faults,
  };
}

/** Writes the gateway's counters down once a second, until `signal` says that the loads are over, and once more then. */
async function scrapeUntil(stack: StartedStack, options: RecordingOptions, signal: AbortSignal): Promise<void> {
  const file = join(options.folder, runFiles.scrapes);
  const scrape = async (): Promise<void> => {
    try {
      const line = await scrapeGateway(stack.metricsUrl, AbortSignal.timeout(2_000));
      await appendFile(file, `${JSON.stringify(line)}\n`);
      options.onEvent({ type: 'scrape', scrape: line });
    } catch {
      // A scrape that is missing shows in the ledger as a window that no scrapes enclose.
    }
  };
  while (!signal.aborted) {
    await scrape();
    await delay(scrapeEveryMs, undefined, { signal }).catch(() => undefined);
  }
  await scrape();
}
