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
  };
}
