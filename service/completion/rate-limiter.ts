import { createHash } from 'node:crypto';
import { OpenAiError } from '../errors/openai-error.js';
import { TokenBucket } from '../token-bucket.js';

/** What a client may use in a minute; 0 means no limit. */
export interface RateLimits {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
}

const MAX_CLIENTS = 10_000;
/** Refilling a whole bucket takes this long, and rounding must not make it more: clients of OpenAI ignore a longer hint. */
const MAX_WAIT_MS = 60_000;

interface ClientBuckets {
  readonly requests: TokenBucket | undefined;
  readonly tokens: TokenBucket | undefined;
}

/**
 * The service's own rate limits, for each API key, as OpenAI has them: by requests and by tokens, the tokens that a
 * request may generate counted in advance. Each limit is a token bucket of a minute's worth that refills evenly.
 */
export class RateLimiter {
  readonly #limits: RateLimits;
  /** By digest of the `Authorization` header, the longest unused first. */
  readonly #clients = new Map<string, ClientBuckets>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /**
   * Counts a request that may use `tokens` tokens; returns the `x-ratelimit-*` headers of its response.
   * @throws OpenAiError 429 with these headers and `Retry-After` when a limit is reached; nothing is counted then.
   */
  count(authorization: string, tokens: number, now: number): Record<string, string> {
    const { requestsPerMinute, tokensPerMinute } = this.#limits;
    if (requestsPerMinute === 0 && tokensPerMinute === 0) return {};
    const buckets = this.#bucketsOf(authorization, now);
    const wanted = [
      { name: 'requests', bucket: buckets.requests, amount: 1 },
      // A request larger than the whole bucket would never fit: it needs a full one.
      { name: 'tokens', bucket: buckets.tokens, amount: Math.min(tokens, tokensPerMinute) },
    ];
    const short = wanted.find(({ bucket, amount }) => bucket !== undefined && bucket.msUntil(amount, now) > 0);
    if (short === undefined) for (const { bucket, amount } of wanted) bucket?.take(amount, now);
    const headers: Record<string, string> = {};
    for (const { name, bucket } of wanted) {
      if (bucket === undefined) continue;
      headers[`x-ratelimit-limit-${name}`] = String(bucket.capacity);
      headers[`x-ratelimit-remaining-${name}`] = String(Math.floor(bucket.level(now)));
      headers[`x-ratelimit-reset-${name}`] = formatDuration(bucket.msUntil(bucket.capacity, now));
    }
    if (short === undefined) return headers;
    const waitMs = Math.min(MAX_WAIT_MS, short.bucket?.msUntil(short.amount, now) ?? 0);
    throw new OpenAiError({
      status: 429,
      message: `The limit of ${short.bucket?.capacity} ${short.name} a minute is reached; retry after ${formatDuration(waitMs)}.`,
      type: short.name,
      code: 'rate_limit_exceeded',
      headers: {
        ...headers,
        'Retry-After': String(Math.ceil(waitMs / 1000)),
        'retry-after-ms': String(Math.ceil(waitMs)),
      },
    });
  }

  #bucketsOf(authorization: string, now: number): ClientBuckets {
    const client = createHash('sha256').update(authorization).digest('base64');
    const { requestsPerMinute, tokensPerMinute } = this.#limits;
    const bucket = (limit: number): TokenBucket | undefined =>
      limit === 0 ? undefined : new TokenBucket(limit, limit / 60_000, now);
    const buckets = this.#clients.get(client) ?? {
      requests: bucket(requestsPerMinute),
      tokens: bucket(tokensPerMinute),
    };
    this.#clients.delete(client);
    this.#clients.set(client, buckets);
    for (const oldest of this.#clients.keys()) {
      if (this.#clients.size <= MAX_CLIENTS) break;
      this.#clients.delete(oldest);
    }
    return buckets;
  }
}

/** As OpenAI writes durations: `12ms`, `1.5s`, `6m0s`. */
function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  if (ms < 60_000) return `${Math.ceil(ms / 10) / 100}s`;
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
