import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { points } from '../../reference/conformance-points.js';
import { ASK, collect } from './ask.js';
import type { StartTarget, Target } from './targets.js';

/** Requests whose `x-request-id` is this that have reached the service. */
async function arrivalsOf({ test }: Target, requestId: string): Promise<number> {
  return (await test.journalLines()).filter((line) => line.event === 'arrived' && line.requestId === requestId).length;
}

/** Whether, when and how often the client tries again. */
export function retries(start: StartTarget): void {
  describe(points.retries, () => {
    it.each([408, 409, 429, 500, 503])('status %i is tried again, two times by default', async (status) => {
      await using target = await start();
      const touched = await target.placeFault({ kind: 'status', status, count: 2, retryAfterMs: 1 });
      const second = { kind: 'event-loop-block', forMs: 1, header: { name: 'x-stainless-retry-count', value: '2' } };
      const toldTwo = await target.placeFault(second);
      const client = new OpenAI({ baseURL: `${target.url}/v1`, apiKey: 'a-key', logLevel: 'off' });
      expect((await client.chat.completions.create(ASK)).choices).toHaveLength(1);
      expect([await touched(), await toldTwo()]).toEqual([2, 1]);
    });

    it.each([400, 401, 403, 404, 422])('status %i is final', async (status) => {
      await using target = await start();
      const touched = await target.placeFault({ kind: 'status', status, retryAfterMs: 1 });
      const client = target.client.withOptions({ maxRetries: 2 });
      await expect(client.chat.completions.create(ASK)).rejects.toMatchObject({ status });
      expect(await touched()).toBe(1);
    });

    it('a connection that is lost before the headers is tried again', async () => {
      await using target = await start();
      const touched = await target.placeFault({ kind: 'stream-cut', atToken: 0, ending: 'reset', count: 1 });
      const client = target.client.withOptions({ maxRetries: 1 });
      expect(await collect(await client.chat.completions.create({ ...ASK, stream: true }))).not.toEqual([]);
      expect(await touched()).toBe(1);
    });
  });

  describe(points.retryAfter, () => {
    it('milliseconds are preferred to seconds', async () => {
      await using target = await start();
      const hint = { retryAfterSeconds: 60, retryAfterMs: 20 };
      await target.placeFault({ kind: 'status', status: 429, count: 1, ...hint });
      const sentAt = performance.now();
      await target.client.withOptions({ maxRetries: 1 }).chat.completions.create(ASK);
      const waitedMs = performance.now() - sentAt;
      expect(waitedMs).toBeGreaterThan(19);
      expect(waitedMs).toBeLessThan(20_000);
    });

    it('seconds are kept', async () => {
      await using target = await start();
      await target.placeFault({ kind: 'status', status: 503, count: 1, retryAfterSeconds: 1 });
      const sentAt = performance.now();
      await target.client.withOptions({ maxRetries: 1 }).chat.completions.create(ASK);
      expect(performance.now() - sentAt).toBeGreaterThan(990);
    });

    it('without a hint the client waits for half a second, less a quarter at most', async () => {
      await using target = await start();
      await target.placeFault({ kind: 'status', status: 503, count: 1 });
      const sentAt = performance.now();
      await target.client.withOptions({ maxRetries: 1 }).chat.completions.create(ASK);
      expect(performance.now() - sentAt).toBeGreaterThan(370);
    });

    it('a limit that is reached tells both, the seconds rounded up', async () => {
      await using target = await start({}, { RATE_LIMIT_REQUESTS_PER_MINUTE: '2' });
      for (let request = 0; request < 2; request += 1) await target.client.chat.completions.create(ASK);
      const { headers } = await target.complete(ASK, { headers: { authorization: 'Bearer a-key' } });
      const [seconds, ms] = ['retry-after', 'retry-after-ms'].map((name) => Number(headers.get(name)));
      expect(ms).toBeGreaterThan(20_000);
      expect(seconds).toBe(Math.ceil((ms ?? 0) / 1000));
    });

    it('a full queue tells a whole number of seconds, at least one', async () => {
      await using target = await start(
        { PREFILL_OVERHEAD: '60000' },
        { MAX_NUM_SEQS: '1', MAX_WAITING_QUEUE_LENGTH: '0' },
      );
      const client = new AbortController();
      const first = target.client.chat.completions.create(ASK, { signal: client.signal }).catch(() => undefined);
      await expect.poll(() => target.test.service.openCount).toBe(1);
      const { status, headers } = await target.complete(ASK);
      expect([status, headers.get('retry-after')]).toEqual([429, '1']);
      client.abort();
      await first;
    });
  });

  describe(points.timeouts, () => {
    it('a stall within the stream is waited out', async () => {
      await using target = await start({ MODE: 'echo', INTER_TOKEN_LATENCY: '5' });
      const touched = await target.placeFault({ kind: 'stream-stall', atToken: 2, forMs: 400 });
      const stream = await target.client.chat.completions.create({ ...ASK, stream: true }, { timeout: 300 });
      const gaps: number[] = [];
      let last = performance.now();
      let text = '';
      for await (const { choices } of stream) {
        gaps.push(performance.now() - last);
        last = performance.now();
        text += choices[0]?.delta.content ?? '';
      }
      expect(text).toBe('one two three four');
      expect(Math.max(...gaps)).toBeGreaterThan(350);
      expect(await touched()).toBe(1);
    });

    it('headers that do not come run into it, and the request is sent again', async () => {
      await using target = await start({ MODE: 'echo' });
      const touched = await target.placeFault({ kind: 'header-hang', forMs: 60_000, count: 1 });
      const client = target.client.withOptions({ timeout: 300, maxRetries: 1 });
      const { choices } = await client.chat.completions.create({ ...ASK, max_tokens: 1 });
      expect(choices[0]?.message.content).toBe('one');
      expect(await touched()).toBe(1);
    });
  });

  describe(points.heldHeaders, () => {
    const asking = { timeout: 300, maxRetries: 1, headers: { 'x-request-id': 'waits' } };

    /** A service whose one slot is taken, and how to free it. */
    async function occupied(flush: string): Promise<{ target: Target; free: () => Promise<void> }> {
      const target = await start({ INTER_TOKEN_LATENCY: '20' }, { MAX_NUM_SEQS: '1', HEADER_FLUSH: flush });
      const first = await target.client.chat.completions.create({ ...ASK, max_tokens: 4000, stream: true });
      return { target, free: async () => first.controller.abort() };
    }

    it('a queue longer than the timeout makes the client send a held request again', async () => {
      const { target, free } = await occupied('first-token');
      await using _ = target;
      const waiting = target.client.chat.completions.create({ ...ASK, stream: true }, asking);
      await expect(waiting).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
      expect(await arrivalsOf(target, 'waits')).toBe(2);
      await free();
    });

    it('an early status is sent once, however long the queue is', async () => {
      const { target, free } = await occupied('immediate');
      await using _ = target;
      const stream = await target.client.chat.completions.create({ ...ASK, max_tokens: 2, stream: true }, asking);
      const chunks = stream[Symbol.asyncIterator]();
      expect((await chunks.next()).value).toMatchObject({ choices: [{ delta: { role: 'assistant', content: '' } }] });
      await new Promise((resolve) => setTimeout(resolve, asking.timeout + 100));
      await free();
      const contents: unknown[] = [];
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        contents.push(next.value.choices[0]?.delta.content);
      }
      expect(contents).toEqual([expect.any(String), expect.any(String), undefined]);
      expect(await arrivalsOf(target, 'waits')).toBe(1);
    });

    it.each([
      ['first-token', true],
      ['immediate', false],
    ])('with %s the status comes with the first token: %s; silence is filled with comments', async (flush, isLate) => {
      await using target = await start({ PREFILL_OVERHEAD: '500' }, { HEADER_FLUSH: flush, SSE_KEEP_ALIVE_MS: '50' });
      const sentAt = performance.now();
      const response = await target.complete({ stream: true });
      expect(performance.now() - sentAt > 400).toBe(isLate);
      const body = await response.text();
      expect(body.includes('\n\n: keep-alive\n\n')).toBe(!isLate);
      expect(body.trimEnd().endsWith('data: [DONE]')).toBe(true);
    });

    it('an early status cannot tell of a failure: it comes as an error chunk', async () => {
      await using target = await start({}, { HEADER_FLUSH: 'immediate' });
      await target.placeFault({ kind: 'error-chunk', atToken: 0 });
      const { status, headers } = await target.complete({ stream: true });
      expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
      await expect(target.client.chat.completions.create({ ...ASK, stream: true }).then(collect)).rejects.toMatchObject(
        {
          status: undefined,
          code: 'injected_fault',
        },
      );
    });

    it('a held status tells of a failure before the first token', async () => {
      await using target = await start({}, { HEADER_FLUSH: 'first-token' });
      await target.placeFault({ kind: 'error-chunk', atToken: 0 });
      await expect(target.client.chat.completions.create({ ...ASK, stream: true })).rejects.toBeInstanceOf(
        OpenAI.InternalServerError,
      );
    });
  });
}
