import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { points } from '../../reference/conformance-points.js';
import { ASK } from './ask.js';
import type { StartTarget, Target } from './targets.js';

/** What the client has of a stream when it ends, however it ends. */
interface Read {
  readonly text: string;
  readonly finishReason: unknown;
  readonly error: unknown;
}

async function readStream({ client }: Pick<Target, 'client'>): Promise<Read> {
  let text = '';
  let finishReason: unknown = null;
  try {
    for await (const { choices } of await client.chat.completions.create({ ...ASK, stream: true })) {
      text += choices[0]?.delta.content ?? '';
      finishReason = choices[0]?.finish_reason;
    }
    return { text, finishReason, error: undefined };
  } catch (error) {
    return { text, finishReason, error };
  }
}

/** Streams that break after their first byte. */
export function brokenStreams(start: StartTarget): void {
  const engine = { MODE: 'echo', INTER_TOKEN_LATENCY: '5' };

  describe(points.errorInStream, () => {
    it('it is an error of the API with its code and no status', async () => {
      await using target = await start(engine);
      const touched = await target.placeFault({ kind: 'error-chunk', atToken: 2 });
      const { text, error } = await readStream(target);
      expect(text).toBe('one two');
      expect(error).toBeInstanceOf(OpenAI.APIError);
      expect(error).toMatchObject({ status: undefined, code: 'injected_fault' });
      expect(await touched()).toBe(1);
    });

    it('JSON that ends in the middle is an error of the parser', async () => {
      await using target = await start(engine);
      const touched = await target.placeFault({ kind: 'malformed-chunk', atToken: 1 });
      const { text, error } = await readStream(target);
      expect(text).toBe('one');
      expect(error).toBeInstanceOf(SyntaxError);
      expect(await touched()).toBe(1);
    });

    it('a fault that the answer ended before is left for the next one', async () => {
      await using target = await start(engine);
      const touched = await target.placeFault({ kind: 'error-chunk', atToken: 3, count: 1 });
      await target.client.chat.completions.create({ ...ASK, max_tokens: 2 });
      expect(await touched()).toBe(0);
      expect((await readStream(target)).text).toBe('one two three');
      expect(await touched()).toBe(1);
    });
  });

  describe(points.cleanCut, () => {
    it('the text is short and the reason is missing', async () => {
      await using target = await start(engine);
      const touched = await target.placeFault({ kind: 'stream-cut', atToken: 2, ending: 'clean' });
      expect(await readStream(target)).toEqual({ text: 'one two', finishReason: null, error: undefined });
      expect(await touched()).toBe(1);
    });
  });

  describe(points.reset, () => {
    it('it is no error of the API, and the request is not sent again', async () => {
      // A reset discards what was received and not read: the client needs time to read the headers and one token.
      await using target = await start({ MODE: 'echo', INTER_TOKEN_LATENCY: '500' });
      const touched = await target.placeFault({ kind: 'stream-cut', atToken: 1, ending: 'reset' });
      const { text, error } = await readStream({ client: target.client.withOptions({ maxRetries: 2 }) });
      expect(text).toBe('one');
      expect(error).toBeInstanceOf(TypeError);
      expect(error).not.toBeInstanceOf(OpenAI.APIError);
      expect(error).toMatchObject({
        message: 'terminated',
        cause: { code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) },
      });
      expect(await touched()).toBe(1);
      await expect.poll(() => target.test.service.openCount).toBe(0);
    });
  });
}
