import type { LatencySettings } from '../engine/latency-model.js';
import type { EnvReader } from './env-reader.js';

/** Standard deviations above this share of their mean are cut off so much that they would no longer be what was asked for. */
const MAX_STD_DEV_SHARE = 0.3;
const MAX_MS = 600_000;

/** Reads the delays of the simulated engine, in milliseconds. They can be changed at run time too. */
export function readLatencies(reader: EnvReader): LatencySettings {
  const ms = (name: string, fallback: number, hint: string): number =>
    reader.number({ name, fallback, min: 0, max: MAX_MS, fractions: true, hint: `Milliseconds; ${hint}` });
  const latencies: LatencySettings = {
    latencyCalculator: reader.choice(
      'LATENCY_CALCULATOR',
      ['per-token', 'constant'],
      'per-token',
      'constant makes the time to the first token independent of the prompt.',
    ),
    timeToFirstToken: ms('TIME_TO_FIRST_TOKEN', 0, 'used with LATENCY_CALCULATOR=constant.'),
    timeToFirstTokenStdDev: ms('TIME_TO_FIRST_TOKEN_STD_DEV', 0, 'at most 30 % of TIME_TO_FIRST_TOKEN.'),
    prefillOverhead: ms('PREFILL_OVERHEAD', 5, 'before the first token, whatever the prompt.'),
    prefillTimePerToken: ms('PREFILL_TIME_PER_TOKEN', 0, 'for each prompt token that is not cached.'),
    prefillTimeStdDev: ms('PREFILL_TIME_STD_DEV', 0, 'at most 30 % of the prefill time of one token.'),
    interTokenLatency: ms('INTER_TOKEN_LATENCY', 1, 'between two tokens.'),
    interTokenLatencyStdDev: ms('INTER_TOKEN_LATENCY_STD_DEV', 0, 'at most 30 % of INTER_TOKEN_LATENCY.'),
    timeFactorUnderLoad: reader.number({
      name: 'TIME_FACTOR_UNDER_LOAD',
      fallback: 1,
      min: 1,
      max: 100,
      fractions: true,
      hint: 'Every time is multiplied by it when all slots run; 1.5 to 3.5 is realistic.',
    }),
  };
  const { prefillOverhead, prefillTimePerToken } = latencies;
  const limits = [
    ['TIME_TO_FIRST_TOKEN_STD_DEV', latencies.timeToFirstTokenStdDev, latencies.timeToFirstToken],
    ['PREFILL_TIME_STD_DEV', latencies.prefillTimeStdDev, prefillOverhead + prefillTimePerToken],
    ['INTER_TOKEN_LATENCY_STD_DEV', latencies.interTokenLatencyStdDev, latencies.interTokenLatency],
  ] as const;
  for (const [name, stdDev, mean] of limits) {
    const most = MAX_STD_DEV_SHARE * mean;
    if (stdDev > most) {
      reader.problem(name, `"${stdDev}"`, `a number from 0 to ${most}`, 'It may be 30 % of its mean.');
    }
  }
  return latencies;
}
