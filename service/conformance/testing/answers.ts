import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { points } from '../../reference/conformance-points.js';
import { ASK, collect } from './ask.js';
import type { StartTarget } from './targets.js';

/** Answers that are given in order. */
export function answers(start: StartTarget): void {
  describe(points.wholeAnswer, () => {
    it('has every field, with usage, timings and the id that was sent', async () => {
      await using target = await start({ MODE: 'echo' });
      const { data, request_id } = await target.client.chat.completions
        .create(ASK, { headers: { 'x-request-id': 'mine' } })
        .withResponse();
      expect(request_id).toBe('mine');
      expect(Reflect.get(data, '_request_id')).toBe('mine');
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
  });

  describe(points.stream, () => {
    it('has one head for all chunks, the role first, then tokens, then the reason', async () => {
      await using target = await start({ MODE: 'echo' });
      const chunks = await collect(await target.client.chat.completions.create({ ...ASK, stream: true }));
      const heads = chunks.map(({ id, created, model, object }) => `${id} ${created} ${model} ${object}`);
      expect(new Set(heads).size).toBe(1);
      expect(chunks[0]).toMatchObject({ object: 'chat.completion.chunk', choices: [{ delta: { role: 'assistant' } }] });
      const contents = chunks.slice(1, -1).map(({ choices }) => choices[0]?.delta.content);
      expect(contents).toEqual(['one', ' two', ' three', ' four']);
      expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, null, null, null, null, 'stop']);
      expect(chunks.at(-1)).toMatchObject({ metrics: { mean_itl_ms: expect.any(Number) } });
    });

    it('is of the right type, one event a chunk, and ends with [DONE]', async () => {
      await using target = await start({ MODE: 'echo' });
      const response = await target.complete({ ...ASK, stream: true });
      expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      const events = (await response.text()).split('\n\n');
      expect(events.slice(-2)).toEqual(['data: [DONE]', '']);
      for (const event of events.slice(0, -2)) expect(JSON.parse(event.replace(/^data: /, ''))).toBeTypeOf('object');
    });

    it('can have chunks of several tokens', async () => {
      await using target = await start({ MODE: 'echo' }, { TOKENS_PER_CHUNK: '3' });
      const stream = await target.client.chat.completions.create({ ...ASK, stream: true });
      const contents = (await collect(stream)).map(({ choices }) => choices[0]?.delta.content);
      expect(contents).toEqual(['', 'one two three', ' four', undefined]);
    });
  });

  describe(points.usage, () => {
    const WITH_USAGE = { ...ASK, stream: true as const, stream_options: { include_usage: true } };

    it('is one more chunk before the end when it was asked for, and null in those before', async () => {
      await using target = await start({ MODE: 'echo' });
      const chunks = await collect(await target.client.chat.completions.create(WITH_USAGE));
      expect(chunks.at(-1)).toMatchObject({
        choices: [],
        usage: { prompt_tokens: 4, completion_tokens: 4, total_tokens: 8 },
      });
      expect(chunks.slice(0, -1).map(({ usage }) => usage)).toEqual(Array(6).fill(null));
    });

    it('is not there when it was not asked for', async () => {
      await using target = await start({ MODE: 'echo' });
      const chunks = await collect(await target.client.chat.completions.create({ ...ASK, stream: true }));
      expect(chunks).toHaveLength(6);
      expect(chunks.every((chunk) => !('usage' in chunk))).toBe(true);
    });

    it('is missing from a stream that was cut', async () => {
      await using target = await start({ MODE: 'echo', INTER_TOKEN_LATENCY: '5' });
      await target.placeFault({ kind: 'stream-cut', atToken: 2, ending: 'clean' });
      const chunks = await collect(await target.client.chat.completions.create(WITH_USAGE));
      expect(chunks.map(({ usage }) => usage)).toEqual([null, null, null]);
    });
  });

  describe(points.parameters, () => {
    it('limits and stop texts are kept', async () => {
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

    it('each of several choices is its own, whole and streamed', async () => {
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

    it('the same seed gives the same answer', async () => {
      await using target = await start();
      const ask = async (seed: number): Promise<unknown> =>
        (await target.client.chat.completions.create({ ...ASK, seed })).choices[0]?.message.content;
      expect(await ask(1)).toBe(await ask(1));
      expect(await ask(1)).not.toBe(await ask(2));
    });

    it('the model is listed and found, and no other', async () => {
      await using target = await start();
      const models = await collect(target.client.models.list());
      expect(models).toMatchObject([{ id: 'gauntlet-1', object: 'model', owned_by: 'gauntlet' }]);
      expect(await target.client.models.retrieve('gauntlet-1')).toMatchObject({ id: 'gauntlet-1' });
      await expect(target.client.models.retrieve('other/model')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    });

    it.each([
      ['another model', { model: 'other' }, 404, 'model_not_found', 'model'],
      ['a bad field', { temperature: 9 }, 400, 'invalid_value', 'temperature'],
      ['too many choices', { n: 9 }, 400, 'invalid_value', 'n'],
      ['more than the context', { max_tokens: 9000 }, 400, 'context_length_exceeded', 'messages'],
      ['JSON', { response_format: { type: 'json_object' } }, 400, 'unsupported_value', 'response_format'],
      ['history where there is none', { history: true }, 400, 'history_unavailable', 'history'],
    ])('%s is refused, whole and streamed', async (_what, fields, status, code, param) => {
      await using target = await start();
      for (const stream of [false, true]) {
        const refused = target.client.chat.completions.create({ ...ASK, ...fields, stream } as never);
        await expect(refused).rejects.toMatchObject({ status, code, param, type: 'invalid_request_error' });
      }
    });
  });
}
