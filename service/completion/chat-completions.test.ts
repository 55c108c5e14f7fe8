import { describe, expect, it } from 'vitest';
import { startTestService } from '../testing/start-test-service.js';

interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}

async function contentOf(response: Response): Promise<string | undefined> {
  return ((await response.json()) as Completion).choices[0]?.message.content;
}

describe('a completion', () => {
  it('has the shape of an OpenAI chat completion, with counted usage', async () => {
    // Long enough that no machine takes longer to read the request.
    await using test = await startTestService({ PREFILL_OVERHEAD: '300' });
    const response = await test.complete();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'gauntlet-1',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: expect.stringMatching(/^\w+( \w+){7}$/), refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 5,
        completion_tokens: 8,
        total_tokens: 13,
        prompt_tokens_details: { cached_tokens: 0 },
      },
      metrics: {
        queue_time_ms: 0,
        time_to_first_token_ms: 300,
        generation_time_ms: 7,
        mean_itl_ms: 1,
        tokens_per_second: 26.059,
      },
    });
  });

  it('is the same on every instance of one seed, and another for another seed or prompt', async () => {
    await using first = await startTestService({ INSTANCE_ID: 'llm-1' });
    await using second = await startTestService({ INSTANCE_ID: 'llm-2' });
    await using seeded = await startTestService({ SEED: '7' });
    const content = await contentOf(await first.complete());
    expect(await contentOf(await second.complete())).toBe(content);
    expect(await contentOf(await seeded.complete())).not.toBe(content);
    expect(await contentOf(await seeded.complete({ seed: 42 }))).toBe(content);
    expect(await contentOf(await first.complete({ messages: [{ role: 'user', content: 'Other' }] }))).not.toBe(content);
  });

  it('has as many tokens as asked for, and a longer one begins with the shorter one', async () => {
    await using test = await startTestService();
    const short = await contentOf(await test.complete({ max_tokens: 3 }));
    const long = await contentOf(await test.complete({ max_tokens: 3, max_completion_tokens: 20 }));
    expect(short?.split(' ')).toHaveLength(3);
    expect(long?.split(' ')).toHaveLength(20);
    expect(long?.startsWith(`${short} `)).toBe(true);
  });

  it('takes the prefill overhead, and the latency of each token after the first', async () => {
    await using test = await startTestService({ PREFILL_OVERHEAD: '40', INTER_TOKEN_LATENCY: '10' });
    const startedAt = performance.now();
    await (await test.complete({ max_tokens: 6 })).text();
    // A tick reaches half a millisecond ahead.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(89);
  });

  it('accepts text parts and ignores fields it does not know', async () => {
    await using test = await startTestService();
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'Two words' }] }];
    const response = await test.complete({ messages, user: 'someone', stream: null });
    expect(await response.json()).toMatchObject({ usage: { prompt_tokens: 2 } });
  });
});

describe('a completion with a cache hit threshold', () => {
  const messages = [{ role: 'user', content: 'word '.repeat(16) }];

  it.each([false, true])('is empty and says so until its prompt is cached, streamed: %s', async (stream) => {
    await using test = await startTestService();
    const refused = await (await test.complete({ messages, stream, cache_hit_threshold: 1 })).text();
    expect(refused).toContain('"finish_reason":"cache_threshold"');
    expect(refused).not.toMatch(/"content":"\w/);
    await (await test.complete({ messages })).text();
    const served = await (await test.complete({ messages, stream, cache_hit_threshold: 1 })).text();
    expect(served).toContain('"finish_reason":"stop"');
  });

  it('refuses one that is no share', async () => {
    await using test = await startTestService();
    const response = await test.complete({ cache_hit_threshold: 1.5 });
    expect(await response.json()).toMatchObject({ error: { param: 'cache_hit_threshold', code: 'invalid_value' } });
  });
});

describe('a refused completion', () => {
  it.each([
    ['a missing body', '', 'model', 'invalid_value'],
    ['a body that is not JSON', '{"model":', null, 'invalid_json'],
    ['a body that is not an object', '[]', null, 'invalid_value'],
  ])('says 400 for %s', async (_what, body, param, code) => {
    await using test = await startTestService();
    const response = await test.complete({}, { body });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: { message: expect.any(String), type: 'invalid_request_error', param, code },
    });
  });

  it('names every bad field, with the values received', async () => {
    await using test = await startTestService();
    const messages = [{ role: 'robot', content: 'x' }];
    const response = await test.complete({ messages, max_tokens: 0, temperature: 3 });
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string; param: string; code: string } };
    expect(error).toMatchObject({ param: 'messages[0].role', code: 'invalid_value' });
    expect(error.message).toMatch(
      /messages\[0\]\.role: .*"robot".*max_tokens: .*received 0.*temperature: .*received 3/,
    );
  });

  it.each([
    ['an unknown model', { model: 'other' }, 404, 'model', 'model_not_found'],
    ['an answer in JSON', { response_format: { type: 'json_object' } }, 400, 'response_format', 'unsupported_value'],
    ['more than the context holds', { max_tokens: 9000 }, 400, 'messages', 'context_length_exceeded'],
  ])('refuses %s', async (_what, fields, status, param, code) => {
    await using test = await startTestService();
    const response = await test.complete(fields);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: { message: expect.any(String), type: 'invalid_request_error', param, code },
    });
  });

  it('says 413 for a body over the limit', async () => {
    await using test = await startTestService();
    const response = await test.complete({ messages: [{ role: 'user', content: 'x'.repeat(1024 * 1024) }] });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      error: {
        message: 'The request body is larger than the limit of 1048576 bytes.',
        type: 'invalid_request_error',
        param: null,
        code: 'request_too_large',
      },
    });
  });
});
