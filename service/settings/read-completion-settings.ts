import type { CompletionSettings } from '../completion/chat-completions.js';
import type { EnvReader } from './env-reader.js';

/** Reads how completions are served. */
export function readCompletionSettings(reader: EnvReader): CompletionSettings {
  return {
    servedModelName: reader.text(
      {
        name: 'SERVED_MODEL_NAME',
        legal: /^[A-Za-z0-9._:/-]{1,128}$/,
        range: '1 to 128 letters, digits, dots, dashes, underscores, colons or slashes',
        hint: 'Requests must name it as their model.',
      },
      'gauntlet-1',
    ),
    tokensPerChunk: reader.number({
      name: 'TOKENS_PER_CHUNK',
      fallback: 1,
      min: 1,
      max: 1024,
      hint: 'Tokens that share a chunk of a stream.',
    }),
    headerFlush: reader.choice(
      'HEADER_FLUSH',
      ['first-token', 'immediate'],
      'first-token',
      'When the status of a stream is sent.',
    ),
    sseKeepAliveMs: reader.number({
      name: 'SSE_KEEP_ALIVE_MS',
      fallback: 15_000,
      min: 0,
      max: 3_600_000,
      hint: 'Milliseconds of silence after which a stream gets a comment; 0 for none.',
    }),
    rateLimits: {
      requestsPerMinute: reader.number({
        name: 'RATE_LIMIT_REQUESTS_PER_MINUTE',
        fallback: 0,
        min: 0,
        max: 10_000_000,
        hint: 'For each API key; 0 for no limit.',
      }),
      tokensPerMinute: reader.number({
        name: 'RATE_LIMIT_TOKENS_PER_MINUTE',
        fallback: 0,
        min: 0,
        max: 10_000_000_000,
        hint: 'For each API key; 0 for no limit.',
      }),
    },
    idempotencyFolder: reader.optional(
      'IDEMPOTENCY_FOLDER',
      'a folder that can be written',
      'Where answers to requests with an Idempotency-Key are kept for all instances that share it; unset for memory.',
    ),
    idempotencyTtlMs: reader.number({
      name: 'IDEMPOTENCY_TTL_MS',
      fallback: 600_000,
      min: 1000,
      max: 86_400_000,
      hint: 'Milliseconds for which the answer to a request with an Idempotency-Key is kept.',
    }),
  };
}
