import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { points } from '../../reference/conformance-points.js';
import { ASK } from './ask.js';
import type { StartTarget } from './targets.js';

/** Answers that are refusals, before the first byte of an answer. */
export function errors(start: StartTarget): void {
  describe(points.errors, () => {
    it.each([
      [400, OpenAI.BadRequestError],
      [401, OpenAI.AuthenticationError],
      [403, OpenAI.PermissionDeniedError],
      [404, OpenAI.NotFoundError],
      [409, OpenAI.ConflictError],
      [422, OpenAI.UnprocessableEntityError],
      [429, OpenAI.RateLimitError],
      [500, OpenAI.InternalServerError],
      [503, OpenAI.InternalServerError],
    ])('status %i, whole and streamed', async (status, type) => {
      await using target = await start();
      const touched = await target.placeFault({ kind: 'status', status, count: 2 });
      for (const stream of [false, true]) {
        const refused = target.client.chat.completions.create({ ...ASK, stream });
        await expect(refused).rejects.toBeInstanceOf(type);
        const requestID = expect.stringMatching(/^req_/);
        await expect(refused).rejects.toMatchObject({ status, code: 'injected_fault', param: null, requestID });
      }
      expect(await touched()).toBe(2);
    });

    it.each([
      ['a body that is not JSON', '{"model":', 400, 'invalid_json'],
      ['a body that is too large', JSON.stringify({ padding: 'x'.repeat(2 ** 20) }), 413, 'request_too_large'],
    ])('%s', async (_what, body, status, code) => {
      await using target = await start();
      const response = await target.complete({}, { body });
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({
        error: { message: expect.any(String), type: 'invalid_request_error', param: null, code },
      });
    });

    it('a full queue, told before the first byte of a stream', async () => {
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
      await expect(second).rejects.toMatchObject({ code: 'queue_full', headers: expect.any(Headers) });
      client.abort();
      await given;
    });
  });
}
