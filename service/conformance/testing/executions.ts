import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { points } from '../../reference/conformance-points.js';
import { ASK } from './ask.js';
import type { StartTarget, Target } from './targets.js';

const withKey = (key: string): { headers: Record<string, string> } => ({ headers: { 'Idempotency-Key': key } });

/** The value of one sample of `/metrics`; 0 when it is not there. */
async function sample(target: Target, name: string, label: string): Promise<number> {
  const text = await (await fetch(`${target.test.url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name}{`) && each.includes(label));
  return Number(line?.split(' ').at(-1) ?? 0);
}

/** How often a request is executed, and by whom it may be. */
export function executions(start: StartTarget): void {
  describe(points.abort, () => {
    it('its slot is free for the next request, and it is counted as cancelled', async () => {
      await using target = await start({ MAX_NUM_SEQS: '1', INTER_TOKEN_LATENCY: '5', PREFILL_OVERHEAD: '1' });
      const stream = await target.client.chat.completions.create({ ...ASK, max_tokens: 4000, stream: true });
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
      const { choices } = await target.client.chat.completions.create({ ...ASK, max_tokens: 1 });
      expect(choices[0]?.finish_reason).toBe('length');
      expect(await sample(target, 'vllm:request_success_total', '"cancelled"')).toBe(1);
      expect(await sample(target, 'gen_ai_server_tokens_total', '"output"')).toBeLessThan(4000);
    });

    it('it may leave before the first byte', async () => {
      await using target = await start({ PREFILL_OVERHEAD: '60000' });
      const client = new AbortController();
      const asked = target.client.chat.completions.create(ASK, { signal: client.signal });
      const given = expect(asked).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
      await expect.poll(() => target.test.service.openCount).toBe(1);
      client.abort();
      await given;
      await expect.poll(() => target.test.service.openCount).toBe(0);
      expect(await sample(target, 'vllm:request_success_total', '"cancelled"')).toBe(1);
    });
  });

  describe(points.idempotency, () => {
    it('a repetition gets the same answer, whole or streamed, without another execution', async () => {
      await using target = await start();
      for (const stream of [false, true]) {
        const answers = [];
        for (let attempt = 0; attempt < 2; attempt += 1) {
          const response = await target.complete({ stream }, withKey(`key-${stream}`));
          answers.push({ replayed: response.headers.get('idempotent-replayed'), body: await response.text() });
        }
        expect(answers.map(({ replayed }) => replayed)).toEqual([null, 'true']);
        expect(answers[0]?.body).toBe(answers[1]?.body);
      }
      expect(await sample(target, 'gen_ai_server_tokens_total', '"output"')).toBe(16);
    });

    it('a repetition while it runs is a conflict, and one with another body 422', async () => {
      await using target = await start({ PREFILL_OVERHEAD: '400' });
      const first = target.client.chat.completions.create(ASK, withKey('key'));
      await expect.poll(() => target.test.service.openCount).toBe(1);
      const second = target.client.chat.completions.create(ASK, withKey('key'));
      await expect(second).rejects.toBeInstanceOf(OpenAI.ConflictError);
      const other = target.client.chat.completions.create({ ...ASK, max_tokens: 1 }, withKey('key'));
      await expect(other).rejects.toBeInstanceOf(OpenAI.UnprocessableEntityError);
      expect((await first).choices).toHaveLength(1);
    });

    it('the client sends no key of its own: only a header given to it arrives', async () => {
      await using target = await start();
      const seen = await target.placeFault({ kind: 'event-loop-block', forMs: 1, header: { name: 'idempotency-key' } });
      await target.client.chat.completions.create(ASK);
      await target.client.chat.completions.create(ASK, { idempotencyKey: 'key' });
      expect(await seen()).toBe(0);
      await target.client.chat.completions.create(ASK, withKey('key'));
      expect(await seen()).toBe(1);
    });

    it("the client's own retries after a lost connection end with the one answer", async () => {
      await using target = await start({ MODE: 'echo' });
      await target.placeFault({ kind: 'stream-cut', atToken: 1, ending: 'reset', count: 1 });
      const client = target.client.withOptions({ maxRetries: 2 });
      const { data, response } = await client.chat.completions.create(ASK, withKey('key')).withResponse();
      expect(data.choices[0]?.message.content).toBe('one two three four');
      expect(response.headers.get('idempotent-replayed')).toBe('true');
      expect(await sample(target, 'gen_ai_server_tokens_total', '"output"')).toBe(4);
    });

    it('a stream whose connection broke is kept whole', async () => {
      await using target = await start({ MODE: 'echo', INTER_TOKEN_LATENCY: '10' });
      await target.placeFault({ kind: 'stream-cut', atToken: 1, ending: 'reset', count: 1 });
      const broken = target.complete({ stream: true }, withKey('key')).then((response) => response.text());
      await expect(broken).rejects.toThrow(/terminated|fetch failed/);
      await expect.poll(async () => (await target.complete({ stream: true }, withKey('key'))).status).toBe(200);
      const again = await target.complete({ stream: true }, withKey('key'));
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(await again.text()).toMatch(/"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/);
    });

    it('the same key of another client is another key', async () => {
      await using target = await start();
      await target.client.chat.completions.create(ASK, withKey('key'));
      const other = target.client.withOptions({ apiKey: 'another-key' });
      const { response } = await other.chat.completions.create(ASK, withKey('key')).withResponse();
      expect(response.headers.has('idempotent-replayed')).toBe(false);
    });

    it.each([0, 256])('a key of %i characters is refused', async (length) => {
      await using target = await start();
      const refused = await target.complete({}, withKey('k'.repeat(length)));
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ error: { code: 'invalid_idempotency_key' } });
    });

    it('the key is free again after a failure', async () => {
      await using target = await start();
      await target.placeFault({ kind: 'error-chunk', atToken: 1, count: 1 });
      expect((await target.complete({}, withKey('key'))).status).toBe(500);
      const again = await target.complete({}, withKey('key'));
      expect(again.status).toBe(200);
      expect(again.headers.has('idempotent-replayed')).toBe(false);
    });
  });

  describe(points.rateLimits, () => {
    it('requests and tokens are counted down, and what is beyond them is refused', async () => {
      const limits = { RATE_LIMIT_REQUESTS_PER_MINUTE: '2', RATE_LIMIT_TOKENS_PER_MINUTE: '6000' };
      await using target = await start({}, limits);
      const { response } = await target.client.chat.completions.create({ ...ASK, max_tokens: 6 }).withResponse();
      const told = Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-ratelimit-')));
      expect(told).toEqual({
        'x-ratelimit-limit-requests': '2',
        'x-ratelimit-remaining-requests': '1',
        'x-ratelimit-reset-requests': expect.stringMatching(/^(29\.\d+|30)s$/),
        'x-ratelimit-limit-tokens': '6000',
        'x-ratelimit-remaining-tokens': '5990',
        'x-ratelimit-reset-tokens': expect.stringMatching(/^\d+ms$/),
      });
      await target.client.chat.completions.create(ASK);
      const refused = target.client.chat.completions.create(ASK);
      await expect(refused).rejects.toBeInstanceOf(OpenAI.RateLimitError);
      await expect(refused).rejects.toMatchObject({ code: 'rate_limit_exceeded', type: 'requests' });
      const other = target.client.withOptions({ apiKey: 'another-key' });
      expect((await other.chat.completions.create(ASK)).choices).toHaveLength(1);
    });

    it('tokens that a request may generate count in advance', async () => {
      await using target = await start({}, { RATE_LIMIT_TOKENS_PER_MINUTE: '100' });
      await target.client.chat.completions.create({ ...ASK, max_tokens: 90 });
      const refused = target.client.chat.completions.create({ ...ASK, max_tokens: 90 });
      await expect(refused).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'tokens' });
    });
  });
}
