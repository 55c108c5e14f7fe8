import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleService } from '../stack/images/bundle-service.js';
import type { Benchmark, Figure } from './benchmark.js';
import { type StreamTiming, timeStreams } from './engine/time-streams.js';

const SLOTS = 8;
const PREFILL = { mean: 80, stdDev: 3 };
const INTER_TOKEN = { mean: 20, stdDev: 2 };
const TOKENS = 11;
const GOAL_MS = 1;

/** Streams that run at the same time, and how many one after the other: enough that the medians of the samples are within half a millisecond. */
const loads = [
  { name: 'one stream', concurrency: 1, rounds: 100 },
  { name: 'every slot', concurrency: SLOTS, rounds: 40 },
  { name: 'twice the slots', concurrency: 2 * SLOTS, rounds: 20 },
];

/** Whether a client sees the delays that the engine is configured with. */
export const engine: Benchmark = {
  name: 'engine',
  title: `delays that a client sees against the configured ones: ${PREFILL.mean} ms to the first token, then ${INTER_TOKEN.mean} ms each`,
  async run(say, signal) {
    const folder = await mkdtemp(join(tmpdir(), 'gauntlet-bench-'));
    try {
      const file = join(folder, 'service.mjs');
      await bundleService(file);
      const env = {
        NODE_ENV: 'production',
        PORT: '0',
        MAX_NUM_SEQS: String(SLOTS),
        PREFILL_OVERHEAD: String(PREFILL.mean),
        PREFILL_TIME_STD_DEV: String(PREFILL.stdDev),
        INTER_TOKEN_LATENCY: String(INTER_TOKEN.mean),
        INTER_TOKEN_LATENCY_STD_DEV: String(INTER_TOKEN.stdDev),
      };
      const figures: Figure[] = [];
      for (const { name, concurrency, rounds } of loads) {
        const timings = await timeStreams({ file, env, concurrency, rounds, tokens: TOKENS, signal });
        figures.push(...judge(name, timings, say));
      }
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
    const sorted = values.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
    const quantiles = [
      { share: 0.1, z: -1.2816 },
      { share: 0.5, z: 0 },
      { share: 0.9, z: 1.2816 },
    ].map(({ share, z }) => `p${100 * share} ${at(share).toFixed(2)} (${(of.mean + z * of.stdDev).toFixed(2)})`);
    say(`${name}, ${what}: ${quantiles.join(', ')} ms measured (configured), ${values.length} values`);
    return {
      name: `engine: median ${what} beside the configured one, ${name}`,
      measured: `${(at(0.5) - of.mean).toFixed(2)} ms`,
      goal: `within ${GOAL_MS} ms`,
    };
  });
}
