import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '../stack/images/bundle-program.js';
import { bundleService } from '../stack/images/bundle-service.js';
import type { Benchmark, Figure } from './benchmark.js';
import type { StreamTiming } from './engine/stream-connection.js';
import { timeStreams } from './engine/time-streams.js';
import { percentile } from './percentile.js';

const SLOTS = 8;
const PREFILL = { mean: 80, stdDev: 2 };
const INTER_TOKEN = { mean: 20, stdDev: 2 };
const TOKENS = 6;
const GOAL_MS = 1;

/** Streams that run at the same time, and how many one after the other: enough that the medians of the samples are within 0.2 ms. */
const loads = [
  { name: 'one stream', concurrency: 1, rounds: 200 },
  { name: 'every slot', concurrency: SLOTS, rounds: 60 },
  { name: 'twice the slots', concurrency: 2 * SLOTS, rounds: 30 },
];
/** Streams whose delay is known exactly, and as many from a server without any delay. */
const EXACT_ROUNDS = 80;

/** Whether a client sees the delays that the engine is configured with. */
export const engine: Benchmark = {
  name: 'engine',
  title: `delays that a client sees against the configured ones: ${PREFILL.mean} ms to the first token, then ${INTER_TOKEN.mean} ms each`,
  async run(say, signal) {
    const folder = await mkdtemp(join(tmpdir(), 'gauntlet-bench-'));
    try {
      const service = join(folder, 'service.mjs');
      const bare = join(folder, 'bare.mjs');
      await bundleService(service);
      await bundleProgram(new URL('engine/bare-server.ts', import.meta.url), bare);
      const env = {
        NODE_ENV: 'production',
        PORT: '0',
        MAX_NUM_SEQS: String(SLOTS),
        PREFILL_OVERHEAD: String(PREFILL.mean),
        INTER_TOKEN_LATENCY: String(INTER_TOKEN.mean),
      };
      const spread = {
        PREFILL_TIME_STD_DEV: String(PREFILL.stdDev),
        INTER_TOKEN_LATENCY_STD_DEV: String(INTER_TOKEN.stdDev),
      };
      const figures: Figure[] = [];
      for (const { name, ...load } of loads) {
        const timings = await timeStreams(
          service,
          { ...env, ...spread },
          { ...load, tokens: TOKENS, pauseMs: 0 },
          signal,
        );
        figures.push(...judge(name, timings, say));
      }
      const alone = { concurrency: 1, rounds: EXACT_ROUNDS };
      const exact = await timeStreams(service, env, { ...alone, tokens: TOKENS, pauseMs: 0 }, signal);
      const none = await timeStreams(bare, env, { ...alone, tokens: 1, pauseMs: PREFILL.mean }, signal);
      sayBeyond(
        'TTFT beyond a configured one without deviation',
        exact.map(({ ttftMs }) => ttftMs - PREFILL.mean),
        say,
      );
      sayBeyond(
        "the same from Node's bare server, which has no delay",
        none.map(({ ttftMs }) => ttftMs),
        say,
      );
      return figures;
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** The time in the queue is not part of what is configured, so it is taken off as the engine reports it. */
function judge(name: string, timings: readonly StreamTiming[], say: (line: string) => void): Figure[] {
  const measured = [
    { what: 'TTFT', of: PREFILL, values: timings.map(({ ttftMs, queueMs }) => ttftMs - queueMs) },
    { what: 'ITL', of: INTER_TOKEN, values: timings.flatMap(({ gapsMs }) => gapsMs) },
  ];
  return measured.map(({ what, of, values }) => {
    const quantiles = [
      { share: 0.1, z: -1.2816 },
      { share: 0.5, z: 0 },
      { share: 0.9, z: 1.2816 },
    ].map(({ share, z }) => {
      const configured = of.mean + z * of.stdDev;
      return `p${100 * share} ${percentile(values, share).toFixed(2)} (${configured.toFixed(2)})`;
    });
    say(`${name}, ${what}: ${quantiles.join(', ')} ms measured (configured), ${values.length} values`);
    return {
      name: `engine: median ${what} beside the configured one, ${name}`,
      measured: `${(percentile(values, 0.5) - of.mean).toFixed(2)} ms`,
      goal: `within ${GOAL_MS} ms`,
    };
  });
}

function sayBeyond(what: string, values: readonly number[], say: (line: string) => void): void {
  const at = (share: number): string => percentile(values, share).toFixed(2);
  say(`${what}, one stream: min ${at(0)}, median ${at(0.5)}, p90 ${at(0.9)} ms`);
}
