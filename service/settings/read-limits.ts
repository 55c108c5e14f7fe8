import type { Limits } from '../security/limits.js';
import type { EnvReader } from './env-reader.js';

/** What one client can take. */
export function readLimits(reader: EnvReader): Limits {
  const limits = {
    headersTimeoutMs: reader.number({
      name: 'HEADERS_TIMEOUT_MS',
      fallback: 10_000,
      min: 100,
      max: 600_000,
      hint: 'Milliseconds in which the headers of a request have to arrive.',
    }),
    requestTimeoutMs: reader.number({
      name: 'REQUEST_TIMEOUT_MS',
      fallback: 30_000,
      min: 100,
      max: 600_000,
      hint: 'Milliseconds in which a whole request has to arrive; the answer may take longer.',
    }),
    maxConnections: reader.number({
      name: 'MAX_CONNECTIONS',
      fallback: 10_000,
      min: 1,
      max: 1_000_000,
      hint: 'Further connections are closed at once.',
    }),
    bodyBytes: reader.number({
      name: 'BODY_LIMIT_BYTES',
      fallback: 1024 * 1024,
      min: 1024,
      max: 1024 * 1024 * 1024,
      hint: 'Bytes of a request body or a WebSocket message.',
    }),
  };
  if (limits.headersTimeoutMs > limits.requestTimeoutMs) {
    const received = `"${limits.headersTimeoutMs}"`;
    reader.problem(
      'HEADERS_TIMEOUT_MS',
      received,
      'at most REQUEST_TIMEOUT_MS',
      'The headers are part of the request.',
    );
  }
  return limits;
}
