import type { SimulationSettings } from '../engine/simulated-engine.js';
import type { EnvReader } from './env-reader.js';
import { readLatencies } from './read-latencies.js';

/** Reads the simulated engine: the parameters of llm-d-inference-sim, as upper snake case; times are milliseconds. */
export function readEngineSettings(reader: EnvReader): SimulationSettings {
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
    ...readLatencies(reader),
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
  if (settings.globalCacheHitThreshold > 0 && !settings.enableKvcache) {
    const received = `"${settings.globalCacheHitThreshold}"`;
    reader.problem('GLOBAL_CACHE_HIT_THRESHOLD', received, '0 with ENABLE_KVCACHE=false', 'Nothing would be cached.');
  }
  return settings;
}
