import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '../stack/images/bundle-program.js';
import { bundleService } from '../stack/images/bundle-service.js';
import type { Benchmark, Figure } from './benchmark.js';
import { measureStreams, type StreamMeasurement } from './service/measure-streams.js';

/** 20 tokens a second. */
const INTER_TOKEN_MS = 50;
const PREFILL_MS = 100;
const GOAL_STREAMS = 2000;
const GOAL_P99_MS = 25;
const STEP = 500;
const MAX_STREAMS = 6000;

/** How many streams one instance can keep on time. */
export const service: Benchmark = {
  name: 'service',
  title: `streams at ${1000 / INTER_TOKEN_MS} tokens/s that one instance keeps on time; client on the same machine and clock`,
  async run(say, signal) {
    const folder = await mkdtemp(join(tmpdir(), 'gauntlet-bench-'));
    try {
      const files = await bundle(folder);
      const measure = async (server: 'service' | 'naive', streams: number): Promise<StreamMeasurement> => {
        const load = {
          streams,
          prefillMs: PREFILL_MS,
          interTokenMs: INTER_TOKEN_MS,
          rampMs: 3 * streams > 9000 ? 9000 : 3 * streams,
          settleMs: 1000,
          measureMs: streams === GOAL_STREAMS ? 15_000 : 6000,
        };
        const measured = await measureStreams(files[server], files.client, load, signal);
        say(describe(server, streams, measured));
        return measured;
      };
      await measure('naive', 1000);
      const naive = await measure('naive', GOAL_STREAMS);
      await measure('service', 1000);
      const atGoal = await measure('service', GOAL_STREAMS);
      let highest = isOnTime(atGoal) ? GOAL_STREAMS : 0;
      for (let streams = GOAL_STREAMS + STEP; highest === streams - STEP && streams <= MAX_STREAMS; streams += STEP) {
        if (isOnTime(await measure('service', streams))) highest = streams;
      }
      return figures(naive, atGoal, highest);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** On time: no stream and no token is missing, and the late ones are within the goal. */
function isOnTime({ streamsLost, tokens, tokensDue, latenessMs }: StreamMeasurement): boolean {
  return streamsLost === 0 && tokens >= 0.999 * tokensDue && latenessMs.p99 < GOAL_P99_MS;
}

function figures(naive: StreamMeasurement, atGoal: StreamMeasurement, highest: number): Figure[] {
  const streams = `${GOAL_STREAMS} streams`;
  return [
    {
      name: `service: p99 token lateness, ${streams}`,
      measured: `${atGoal.latenessMs.p99.toFixed(1)} ms`,
      goal: `below ${GOAL_P99_MS} ms`,
    },
    {
      name: `service: p99 token lateness, ${streams}, a timer for each in Express`,
      measured: `${naive.latenessMs.p99.toFixed(1)} ms`,
      goal: 'to compare with',
    },
    {
      name: `service: most streams with p99 below ${GOAL_P99_MS} ms`,
      measured: String(highest),
      goal: `at least ${GOAL_STREAMS}`,
    },
  ];
}

function describe(server: string, streams: number, measured: StreamMeasurement): string {
  const { latenessMs, tokens, tokensDue, streamsLost, serverCpu, cpu } = measured;
  const late = (['p50', 'p90', 'p99', 'max'] as const).map((name) => `${name} ${latenessMs[name].toFixed(1)}`);
  const missing = tokensDue - tokens;
  return (
    `${server.padEnd(7)} ${String(streams).padStart(5)} streams: ${late.join(', ')} ms late; ` +
    `${missing} of ${tokensDue} tokens missing, ${streamsLost} streams lost; ` +
    `cores used: server ${serverCpu.toFixed(2)}, client ${cpu.toFixed(2)}`
  );
}

async function bundle(folder: string): Promise<Record<'service' | 'naive' | 'client', string>> {
  const file = (name: string): string => join(folder, `${name}.mjs`);
  await bundleService(file('service'));
  await bundleProgram(new URL('service/naive-server.ts', import.meta.url), file('naive'));
  await bundleProgram(new URL('service/stream-client.ts', import.meta.url), file('client'));
  return { service: file('service'), naive: file('naive'), client: file('client') };
}
