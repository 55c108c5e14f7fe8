import { expect, it } from 'vitest';
import { OpenAiError } from '../errors/openai-error.js';
import { RateLimiter } from './rate-limiter.js';

function refusalOf(limiter: RateLimiter, tokens: number, now: number): OpenAiError {
  try {
    limiter.count('client', tokens, now);
  } catch (error) {
    if (error instanceof OpenAiError) return error;
  }
  throw new Error('it was not refused');
}

// At 9 a minute the bucket takes 60,000.00000000001 ms to fill.
it.each([1, 9, 37, 60])('a client is never told to wait for more than a minute, with %i tokens a minute', (limit) => {
  const limiter = new RateLimiter({ requestsPerMinute: 0, tokensPerMinute: limit });
  limiter.count('client', limit, 0);
  const { status, headers } = refusalOf(limiter, limit, 0);
  expect([status, headers['Retry-After'], headers['retry-after-ms']]).toEqual([429, '60', '60000']);
});

it('a refused request uses nothing up, and the next one fits when it was told to come', () => {
  const limiter = new RateLimiter({ requestsPerMinute: 2, tokensPerMinute: 100 });
  expect(limiter.count('client', 100, 0)).toMatchObject({ 'x-ratelimit-remaining-tokens': '0' });
  const { headers } = refusalOf(limiter, 50, 0);
  expect(headers).toMatchObject({ 'retry-after-ms': '30000', 'x-ratelimit-remaining-requests': '1' });
  expect(limiter.count('client', 50, 30_000)).toMatchObject({
    'x-ratelimit-remaining-requests': '1',
    'x-ratelimit-remaining-tokens': '0',
  });
});
