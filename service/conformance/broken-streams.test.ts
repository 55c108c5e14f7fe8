import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { collect, type Target, targets } from './testing/targets.js';

const ASK = { model: 'gauntlet-1', messages: [{ role: 'user' as const, content: 'one two three four' }] };

/** What the client has of a stream when it ends, however it ends. */
async function readStream(target: Target): Promise<{ text: string; finishReason: unknown; error: unknown }> {
  let text = '';
  let finishReason: unknown = null;
  try {
    for await (const { choices } of await target.client.chat.completions.create({ ...ASK, stream: true })) {
      text += choices[0]?.delta.content ?? '';
      finishReason = choices[0]?.finish_reason;
    }
    return { text, finishReason, error: undefined };
  } catch (error) {
    return { text, finishReason, error };
  }
}

/** The codes of an error and of what caused it: before the headers the client wraps it once more. */
function codesOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  return ['code' in error ? error.code : undefined, ...codesOf(error.cause)];
}

describe.each(targets)('a stream that breaks, with %s', (_name, start) => {
  const engine = { MODE: 'echo', INTER_TOKEN_LATENCY: '5' };

  it('by an error chunk is an error of the API with its code', async () => {
    await using target = await start(engine);
    const touched = await target.placeFault({ kind: 'error-chunk', atToken: 2 });
    const { text, error } = await readStream(target);
    expect(text).toBe('one two');
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status: undefined, code: 'injected_fault' });
    expect(await touched()).toBe(1);
  });

  it('by an end that looks like one in order is no error for the client: only the reason is missing', async () => {
    await using target = await start(engine);
    const touched = await target.placeFault({ kind: 'stream-cut', atToken: 2, ending: 'clean' });
    expect(await readStream(target)).toEqual({ text: 'one two', finishReason: null, error: undefined });
    expect(await touched()).toBe(1);
  });

  it('by a reset is an error of the connection', async () => {
    await using target = await start(engine);
    const touched = await target.placeFault({ kind: 'stream-cut', atToken: 2, ending: 'reset' });
    const { text, error } = await readStream(target);
    // A reset also discards what the client had received and not read.
    expect('one two'.startsWith(text)).toBe(true);
    expect(error).toBeInstanceOf(Error);
    expect(codesOf(error).some((code) => code === 'ECONNRESET' || code === 'UND_ERR_SOCKET')).toBe(true);
    expect(await touched()).toBe(1);
    await expect.poll(() => target.test.service.openCount).toBe(0);
  });

  it('by JSON that ends in the middle is an error of the parser', async () => {
    await using target = await start(engine);
    const touched = await target.placeFault({ kind: 'malformed-chunk', atToken: 1 });
    const { text, error } = await readStream(target);
    expect(text).toBe('one');
    expect(error).toBeInstanceOf(SyntaxError);
    expect(await touched()).toBe(1);
  });

  it('by a stall goes on when it is over, and no timeout of the client sees it', async () => {
    await using target = await start(engine);
    const touched = await target.placeFault({ kind: 'stream-stall', atToken: 2, forMs: 400 });
    const stream = await target.client.chat.completions.create({ ...ASK, stream: true }, { timeout: 200 });
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

  it('before its headers runs into the timeout of the client, which sends it again', async () => {
    await using target = await start(engine);
    const touched = await target.placeFault({ kind: 'header-hang', forMs: 60_000, count: 1 });
    const client = target.client.withOptions({ timeout: 300, maxRetries: 1 });
    const { choices } = await client.chat.completions.create({ ...ASK, max_tokens: 1 });
    expect(choices[0]?.message.content).toBe('one');
    expect(await touched()).toBe(1);
  });

  it('does not count as touched when it ended before the token', async () => {
    await using target = await start(engine);
    const touched = await target.placeFault({ kind: 'error-chunk', atToken: 100, count: 1 });
    expect((await readStream(target)).error).toBeUndefined();
    expect(await touched()).toBe(0);
  });
});

describe.each(targets)('the headers of a stream, with %s', (_name, start) => {
  it('wait for the first token, unless they are to be sent at once', async () => {
    for (const flush of ['first-token', 'immediate']) {
      await using target = await start({ PREFILL_OVERHEAD: '500' }, { HEADER_FLUSH: flush, SSE_KEEP_ALIVE_MS: '50' });
      const sentAt = performance.now();
      const response = await target.test.complete({ stream: true });
      const headersAfterMs = performance.now() - sentAt;
      const body = await response.text();
      const isLate = headersAfterMs > 400;
      expect([flush, isLate]).toEqual([flush, flush === 'first-token']);
      // What was quiet for long is kept alive by comments, and they are no tokens.
      expect(body.includes('\n\n: keep-alive\n\n')).toBe(!isLate);
      expect(body.trimEnd().endsWith('data: [DONE]')).toBe(true);
    }
  });

  it('can be followed by chunks of several tokens', async () => {
    await using target = await start({ MODE: 'echo' }, { TOKENS_PER_CHUNK: '3' });
    const stream = await target.client.chat.completions.create({ ...ASK, stream: true });
    const contents = (await collect(stream)).map(({ choices }) => choices[0]?.delta.content);
    expect(contents).toEqual(['', 'one two three', ' four', undefined]);
  });
});
