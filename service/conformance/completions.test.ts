import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { collect, targets } from './testing/targets.js';

const ASK = { model: 'gauntlet-1', messages: [{ role: 'user' as const, content: 'one two three four' }] };

describe.each(targets)('the official client, with %s', (_name, start) => {
  it('gets a whole answer with usage, timing and request id', async () => {
    await using target = await start({ MODE: 'echo' });
    const { data, request_id } = await target.client.chat.completions
      .create(ASK, { headers: { 'x-request-id': 'mine' } })
      .withResponse();
    expect(request_id).toBe('mine');
    expect(data).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'gauntlet-1',
      choices: [{ index: 0, message: { role: 'assistant', content: 'one two three four' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 4, completion_tokens: 4, total_tokens: 8, prompt_tokens_details: { cached_tokens: 0 } },
      metrics: {
        queue_time_ms: expect.any(Number),
        time_to_first_token_ms: expect.any(Number),
        generation_time_ms: expect.any(Number),
        mean_itl_ms: expect.any(Number),
        tokens_per_second: expect.any(Number),
      },
    });
    expect(Math.abs(data.created - Date.now() / 1000)).toBeLessThan(60);
  });

  it('is given a request id and the processing time when it asks for none', async () => {
    await using target = await start({ PREFILL_OVERHEAD: '20' });
    const { response, request_id } = await target.client.chat.completions.create(ASK).withResponse();
    expect(request_id).toMatch(/^req_[0-9a-f]{32}$/);
    expect(Number(response.headers.get('openai-processing-ms'))).toBeGreaterThanOrEqual(19);
  });

  it('gets a stream: one head for all chunks, the role first, then tokens, then the reason', async () => {
    await using target = await start({ MODE: 'echo' });
    const stream = await target.client.chat.completions.create({ ...ASK, stream: true });
    const chunks = await collect(stream);
    expect(new Set(chunks.map(({ id, created, model, object }) => `${id} ${created} ${model} ${object}`)).size).toBe(1);
    expect(chunks[0]).toMatchObject({ object: 'chat.completion.chunk', choices: [{ delta: { role: 'assistant' } }] });
    expect(chunks.slice(1, -1).map(({ choices }) => choices[0]?.delta.content)).toEqual([
      'one',
      ' two',
      ' three',
      ' four',
    ]);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, null, null, null, null, 'stop']);
    expect(chunks.at(-1)).toMatchObject({ metrics: { mean_itl_ms: expect.any(Number) } });
    expect(chunks.every((chunk) => !('usage' in chunk))).toBe(true);
  });

  it('gets usage in one more chunk when it asks for it, and null before', async () => {
    await using target = await start({ MODE: 'echo' });
    const stream = await target.client.chat.completions.create({
      ...ASK,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 4, completion_tokens: 4, total_tokens: 8 },
    });
    expect(chunks.slice(0, -1).map(({ usage }) => usage)).toEqual(Array(6).fill(null));
  });

  it('gets each of several choices, whole and streamed', async () => {
    await using target = await start();
    const request = { ...ASK, n: 3, seed: 5, max_tokens: 12 };
    const whole = await target.client.chat.completions.create(request);
    const texts = whole.choices.map(({ message }) => message.content);
    expect(new Set(texts).size).toBe(3);
    expect(whole.usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 36 });

    const streamed = ['', '', ''];
    for await (const { choices } of await target.client.chat.completions.create({ ...request, stream: true })) {
      for (const { index, delta } of choices) streamed[index] += delta.content ?? '';
    }
    expect(streamed).toEqual(texts);
  });

  it('has its limits and stop texts kept', async () => {
    await using target = await start({ MODE: 'echo' });
    const ask = async (fields: object): Promise<unknown> => {
      const { choices } = await target.client.chat.completions.create({ ...ASK, ...fields });
      return [choices[0]?.message.content, choices[0]?.finish_reason];
    };
    expect(await ask({ max_tokens: 2 })).toEqual(['one two', 'length']);
    expect(await ask({ max_completion_tokens: 3, max_tokens: 1 })).toEqual(['one two three', 'length']);
    expect(await ask({ stop: ' three' })).toEqual(['one two', 'stop']);
    expect(await ask({ stop: ['four', 'two'] })).toEqual(['one ', 'stop']);
    expect(await ask({ response_format: { type: 'text' } })).toEqual(['one two three four', 'stop']);
  });

  it('gets the same answer for the same seed', async () => {
    await using target = await start();
    const ask = async (seed: number): Promise<unknown> =>
      (await target.client.chat.completions.create({ ...ASK, seed })).choices[0]?.message.content;
    expect(await ask(1)).toBe(await ask(1));
    expect(await ask(1)).not.toBe(await ask(2));
  });

  it('frees the slot when it aborts', async () => {
    await using target = await start({ MAX_NUM_SEQS: '1', INTER_TOKEN_LATENCY: '5', PREFILL_OVERHEAD: '1' });
    const stream = await target.client.chat.completions.create({ ...ASK, max_tokens: 4000, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    const { choices } = await target.client.chat.completions.create({ ...ASK, max_tokens: 1 });
    expect(choices[0]?.finish_reason).toBe('length');
  });

  it('finds the model, and no other', async () => {
    await using target = await start();
    const models = await collect(target.client.models.list());
    expect(models).toMatchObject([{ id: 'gauntlet-1', object: 'model', owned_by: 'gauntlet' }]);
    expect(await target.client.models.retrieve('gauntlet-1')).toMatchObject({ id: 'gauntlet-1' });
    await expect(target.client.models.retrieve('other/model')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});
