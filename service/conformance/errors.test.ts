import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { targets } from './testing/targets.js';

const ASK = { model: 'gauntlet-1', messages: [{ role: 'user' as const, content: 'one two three four' }] };

describe.each(targets)('errors for the official client, with %s', (_name, start) => {
  it.each([
    ['another model', { model: 'other' }, 404, OpenAI.NotFoundError, 'model_not_found', 'model'],
    ['a bad field', { temperature: 9 }, 400, OpenAI.BadRequestError, 'invalid_value', 'temperature'],
    ['too many choices', { n: 9 }, 400, OpenAI.BadRequestError, 'invalid_value', 'n'],
    ['more than the context', { max_tokens: 9000 }, 400, OpenAI.BadRequestError, 'context_length_exceeded', 'messages'],
    [
      'JSON',
      { response_format: { type: 'json_object' } },
      400,
      OpenAI.BadRequestError,
      'unsupported_value',
      'response_format',
    ],
    ['history where there is none', { history: true }, 400, OpenAI.BadRequestError, 'history_unavailable', 'history'],
  ])('say what is wrong with a request for %s', async (_what, fields, status, type, code, param) => {
    await using target = await start();
    for (const stream of [false, true]) {
      const refused = target.client.chat.completions.create({ ...ASK, ...fields, stream } as never);
      await expect(refused).rejects.toBeInstanceOf(type);
      await expect(refused).rejects.toMatchObject({
        status,
        code,
        param,
        type: 'invalid_request_error',
        requestID: expect.stringMatching(/^req_/),
      });
    }
  });

  it.each([
    ['a body that is not JSON', '{"model":', 400, 'invalid_json'],
    [
      'a body that is too large',
      JSON.stringify({ ...ASK, padding: 'x'.repeat(1024 * 1024) }),
      413,
      'request_too_large',
    ],
  ])('have the same shape for %s', async (_what, body, status, code) => {
    await using target = await start();
    const response = await target.test.complete({}, { body });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: { message: expect.any(String), type: 'invalid_request_error', param: null, code },
    });
  });

  it.each([
    [401, OpenAI.AuthenticationError],
    [403, OpenAI.PermissionDeniedError],
    [409, OpenAI.ConflictError],
    [422, OpenAI.UnprocessableEntityError],
    [429, OpenAI.RateLimitError],
    [503, OpenAI.InternalServerError],
  ])('with status %i become the class that the client has for it', async (status, type) => {
    await using target = await start();
    const touched = await target.placeFault({ kind: 'status', status, count: 1 });
    await expect(target.client.chat.completions.create(ASK)).rejects.toBeInstanceOf(type);
    expect(await touched()).toBe(1);
  });

  it('tell of a full queue before the first byte of a stream, and when to come again', async () => {
    await using target = await start(
      { PREFILL_OVERHEAD: '60000' },
      { MAX_NUM_SEQS: '1', MAX_WAITING_QUEUE_LENGTH: '0' },
    );
    const client = new AbortController();
    const first = target.client.chat.completions.create({ ...ASK, stream: true }, { signal: client.signal });
    const given = expect(first).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    await expect.poll(() => target.test.service.openCount).toBe(1);
    const second = target.client.chat.completions.create({ ...ASK, stream: true });
    await expect(second).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    const error = (await second.catch((reason: unknown) => reason)) as InstanceType<typeof OpenAI.RateLimitError>;
    expect(error.code).toBe('queue_full');
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThanOrEqual(1);
    client.abort();
    await given;
  });

  it('are retried by the client, which says so', async () => {
    await using target = await start();
    const touched = await target.placeFault({ kind: 'status', status: 503, count: 2, retryAfterSeconds: 0 });
    const counted = await target.placeFault({
      kind: 'event-loop-block',
      forMs: 1,
      header: { name: 'x-stainless-retry-count', value: '2' },
    });
    const client = target.client.withOptions({ maxRetries: 2 });
    expect((await client.chat.completions.create(ASK)).choices).toHaveLength(1);
    expect(await counted()).toBe(1);
    expect(await touched()).toBe(2);
  });
});
