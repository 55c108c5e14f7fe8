import type { SimulationSettings } from '../engine/simulated-engine.js';
import type { EnvReader } from './env-reader.js';

/** Standard deviations above this share of their mean are cut off so much that they would no longer be what was asked for. */
const MAX_STD_DEV_SHARE = 0.3;
const MAX_MS = 600_000;

/** Reads the simulated engine: the parameters of llm-d-inference-sim, as upper snake case; times are milliseconds. */
export function readEngineSettings(reader: EnvReader): SimulationSettings {
  const ms = (name: string, fallback: number, hint: string): number =>
    reader.number({ name, fallback, min: 0, max: MAX_MS, fractions: true, hint: `Milliseconds; ${hint}` });
  const count = (name: string, fallback: number, min: number, max: number, hint: string): number =>
    reader.number({ name, fallback, min, max, hint });

  const settings: SimulationSettings = {
    mode: reader.choice(
      'MODE',
      ['random', 'echo'],
      'random',
      'What the answer says: drawn words, or the last message.',
    ),
    seed: count('SEED', 42, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'It decides tokens and delays.'),
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
    maxNumSeqs: count('MAX_NUM_SEQS', 256, 1, 100_000, 'Generations that run at the same time.'),
    maxWaitingQueueLength: count('MAX_WAITING_QUEUE_LENGTH', 1000, 0, 1_000_000, 'When it is full, status 429.'),
    maxModelLen: count('MAX_MODEL_LEN', 8192, 2, 10_000_000, 'Tokens of prompt and answer together.'),
    enableKvcache: reader.choice('ENABLE_KVCACHE', ['true', 'false'], 'true', 'The prefix cache.') === 'true',
    kvCacheSize: count('KV_CACHE_SIZE', 1024, 1, 10_000_000, 'Blocks of the prefix cache.'),
    blockSize: count('BLOCK_SIZE', 16, 1, 1024, 'Tokens of a block.'),
    globalCacheHitThreshold: reader.number({
      name: 'GLOBAL_CACHE_HIT_THRESHOLD',
      fallback: 0,
      min: 0,
      max: 1,
      fractions: true,
      hint: 'Share of a prompt that must be cached, else it is not answered; 0 answers all.',
    }),
    maxNumBatchedTokens: count(
      'MAX_NUM_BATCHED_TOKENS',
      0,
      0,
      10_000_000,
      'Tokens of a step: what decoding leaves of it is a chunk of a prefill, which the next tokens wait for; 0 for no such wait.',
    ),
  };
  const { prefillOverhead, prefillTimePerToken } = settings;
  const limits = [
    ['TIME_TO_FIRST_TOKEN_STD_DEV', settings.timeToFirstTokenStdDev, settings.timeToFirstToken],
    ['PREFILL_TIME_STD_DEV', settings.prefillTimeStdDev, prefillOverhead + prefillTimePerToken],
    ['INTER_TOKEN_LATENCY_STD_DEV', settings.interTokenLatencyStdDev, settings.interTokenLatency],
  ] as const;
  for (const [name, stdDev, mean] of limits) {
    const most = MAX_STD_DEV_SHARE * mean;
    if (stdDev > most) {
      reader.problem(name, `"${stdDev}"`, `a number from 0 to ${most}`, 'It may be 30 % of its mean.');
    }
  }
  if (settings.globalCacheHitThreshold > 0 && !settings.enableKvcache) {
    const received = `"${settings.globalCacheHitThreshold}"`;
    reader.problem('GLOBAL_CACHE_HIT_THRESHOLD', received, '0 with ENABLE_KVCACHE=false', 'Nothing would be cached.');
  }
  return settings;
}
