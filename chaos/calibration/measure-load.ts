import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type GeneratorLoad, generatorSaturation } from '../../harness/model/generator-saturation.js';
import { runFiles } from '../../harness/model/recording.js';
import type { Runtime } from '../../harness/model/runtime.js';
import type { PlannedArrival, Traffic } from '../../harness/model/traffic.js';
import { plannedArrivals } from '../../scenarios/pure/schedule.js';
import { startLoad } from '../../scenarios/runner/run-load.js';
import { startDelayServer, type Timing } from '../../stack/components/delay-server.js';
import type { Exchange, KnownAnswer } from './exchange.js';
import { percentile } from './percentile.js';
import { readGeneratorEvidence, readKnownAnswers } from './read-evidence.js';

/** A load to be put on a known-delay server of its own. */
export interface LoadRequest {
  /** Unique within the calibration. */
  readonly name: string;
  readonly traffic: Traffic;
  readonly timing: Timing;
}

/** A load as it went, from both sides. */
export interface MeasuredLoad {
  readonly name: string;
  readonly planned: readonly PlannedArrival[];
  /** Epoch milliseconds from which the plan counts. */
  readonly startedAt: number;
  readonly exchanges: readonly Exchange[];
  readonly answers: ReadonlyMap<string, KnownAnswer>;
  readonly generator: GeneratorLoad & { readonly lateP99Ms: number };
  /** Why the generator was saturated, a sentence each. */
  readonly saturation: readonly string[];
  /** What is wrong with the evidence, a sentence each. */
  readonly problems: readonly string[];
}

/** What measuring needs from outside. */
export interface Bench {
  readonly runtime: Runtime;
  /** The calibration's folder. */
  readonly folder: string;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * Runs our k6 against a known-delay server that exists for this load alone, and reads what both wrote down.
 *
 * @param beside what else talks to the server while the load runs; it gets the server's `host:port` and the start of the
 *   load in epoch milliseconds
 */
export async function measureLoad(
  { name, traffic, timing }: LoadRequest,
  { runtime, folder, seed, signal }: Bench,
  beside: (address: string, startsAt: number) => Promise<void> = async () => undefined,
): Promise<MeasuredLoad> {
  const evidence = join(folder, runFiles.client(name));
  const logs = join(folder, 'logs');
  await Promise.all([evidence, logs].map((each) => mkdir(each, { recursive: true })));
  const journal = join(evidence, 'answers.ndjson');
  const serverName = `delay-server.${name}`;
  const server = await startDelayServer(runtime, { name: serverName, timing, journal, logFolder: logs, signal });
  await using load = await startLoad(
    runtime,
    'known-delays',
    {
      arm: name,
      baseUrl: `http://${server.address}`,
      hosts: {},
      gate: `http://${server.address}/health`,
      traffic,
      affinityCookie: '',
      seed,
    },
    { besides: serverName, caFile: '' },
    { evidence, config: evidence, logs },
  );
  const onAbort = (): void => void load[Symbol.asyncDispose]();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const startedAt = await load.startsAt;
  if (startedAt !== undefined) await beside(server.address, startedAt);
  const end = await load.ended;
  signal.removeEventListener('abort', onAbort);
  // Only then is its journal complete.
  await server.component.stop();
  signal.throwIfAborted();
  const planned = plannedArrivals(traffic, name);
  const { exchanges, problems, ...told } = await readGeneratorEvidence(join(evidence, runFiles.clientRecords));
  const recorded = new Set(exchanges.map((exchange) => exchange.requestId));
  const generator = {
    unsent: planned.filter((arrival) => !recorded.has(arrival.requestId)).length,
    lateP99Ms:
      percentile(
        exchanges.map((exchange) => exchange.sentAt - exchange.intendedAt),
        0.99,
      ) ?? 0,
    ...told,
  };
  return {
    name,
    planned,
    startedAt: startedAt ?? Number.NaN,
    exchanges,
    answers: await readKnownAnswers(journal),
    generator,
    saturation: generatorSaturation(generator),
    problems: [
      ...(startedAt === undefined ? ['k6 never started the load'] : []),
      ...(end.exitCode === 0 ? [] : [`k6 ended with exit code ${end.exitCode}`]),
      ...end.errors.slice(0, 3).map((error) => `k6 says: ${error}`),
      ...problems,
    ],
  };
}
