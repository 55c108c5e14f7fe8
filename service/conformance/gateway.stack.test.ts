import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { points } from '../reference/conformance-points.js';
import { connectChat } from '../testing/chat-client.js';
import { postChat } from '../testing/post-chat.js';
import { startTestService } from '../testing/start-test-service.js';
import { ASK } from './testing/ask.js';
import { conformance } from './testing/conformance.js';
import { type Gateway, startGateway, WAY } from './testing/start-gateway.js';
import { type StartTarget, targetOf } from './testing/targets.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** One after another: the gateway expects all of them at the same port. */
const start: StartTarget = async (engine = {}, surface = {}) => {
  const test = await startTestService({ ...engine, ...surface, PORT: String(gateway.servicePort) });
  // The gateway may still have connections to the one before. A GET goes through all of them to a new one; a POST fails.
  const { status } = await fetch(`${gateway.url}/health`);
  expect(status).toBe(200);
  return targetOf(test, { url: gateway.url });
};

/** Asks for a stream by way of `way` and reads it until `text` has come; nothing else may follow it by then. */
async function readUntil(text: string, way: string, encoding: string): Promise<{ response: Response; read: string }> {
  const client = new AbortController();
  const headers = { [WAY]: way, 'accept-encoding': encoding };
  const response = await postChat(gateway.url, { ...ASK, stream: true }, { headers, signal: client.signal });
  let read = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    read += part;
    if (read.includes(text)) break;
  }
  client.abort();
  return { response, read };
}

describe('the official client, through a gateway', () => conformance(start));

describe(points.gateway, () => {
  const words = ['one', ' two', ' three', ' four'];

  it.each([
    ['plain', 'identity', null],
    ['plain', 'gzip', null],
    ['compressed', 'gzip', 'gzip'],
    ['compressed', 'br', 'br'],
    ['compressed-but-streams', 'gzip', null],
  ])('a token is with the client while the next is not there yet: %s, asking for %s', async (way, asked, encoding) => {
    await using target = await start({ MODE: 'echo', INTER_TOKEN_LATENCY: '1' });
    for (const [index, word] of words.slice(0, -1).entries()) {
      const header = { name: WAY, value: way };
      const touched = await target.placeFault({
        kind: 'stream-stall',
        atToken: index + 1,
        forMs: 3_600_000,
        header,
        count: 1,
      });
      const { response, read } = await readUntil(JSON.stringify(word), way, asked);
      expect(response.headers.get('content-encoding')).toBe(encoding);
      expect(read).not.toContain(JSON.stringify(words[index + 1]));
      expect(await touched()).toBe(1);
    }
  });

  it('tokens come as they are generated, not in batches', async () => {
    await using target = await start({ INTER_TOKEN_LATENCY: '40' });
    const stream = await target.client.chat.completions.create({ ...ASK, max_tokens: 21, stream: true });
    const times: number[] = [];
    for await (const { choices } of stream) if (choices[0]?.delta.content) times.push(performance.now());
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps).toHaveLength(20);
    expect(gaps.toSorted((a, b) => a - b)[10]).toBeGreaterThan(20);
  });

  it('the headers come before there is a token', async () => {
    await using target = await start({ PREFILL_OVERHEAD: '600000' }, { HEADER_FLUSH: 'immediate' });
    const stream = await target.client.chat.completions.create({ ...ASK, stream: true });
    stream.controller.abort();
    await expect.poll(() => target.test.service.openCount).toBe(0);
  });

  it('a whole answer is compressed, and the client does not notice', async () => {
    await using target = await start({ MODE: 'echo' });
    const content = 'word '.repeat(500).trim();
    const { data, response } = await target.client.chat.completions
      .create({ ...ASK, messages: [{ role: 'user', content }] }, { headers: { [WAY]: 'compressed' } })
      .withResponse();
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(data.choices[0]?.message.content).toBe(content);
  });

  it.each([
    ['a server that is not there', 'dead', 502],
    ['no server at all', 'nowhere', 503],
    ['headers that do not come', 'impatient', 504],
  ])('%s is an error of the server for the client, which tries again', async (_what, way, status) => {
    await using target = await start({ PREFILL_OVERHEAD: '60000' });
    const client = target.client.withOptions({ maxRetries: 1, defaultHeaders: { [WAY]: way } });
    for (const stream of [false, true]) {
      const refused = client.chat.completions.create({ ...ASK, stream });
      await expect(refused).rejects.toBeInstanceOf(OpenAI.InternalServerError);
      await expect(refused).rejects.toMatchObject({ status, code: undefined, type: undefined });
    }
    const lines = await target.test.journalLines();
    const arrivals = lines.filter(({ event, method }) => event === 'arrived' && method === 'POST');
    expect(arrivals).toHaveLength(way === 'impatient' ? 4 : 0);
  });

  it("its rate limit is an error of its own kind, told apart from the service's by what is missing", async () => {
    await using target = await start();
    const client = target.client.withOptions({ defaultHeaders: { [WAY]: 'limited' } });
    await client.chat.completions.create(ASK);
    const refused = client.chat.completions.create(ASK);
    await expect(refused).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await expect(refused).rejects.toMatchObject({ status: 429, code: undefined });
    const { headers } = (await refused.catch((error: unknown) => error)) as InstanceType<typeof OpenAI.RateLimitError>;
    expect(headers?.get('retry-after')).toBe('1');
    expect(headers?.has('x-retry-in')).toBe(true);
    expect(['x-llm-instance', 'x-request-id', 'retry-after-ms'].filter((name) => headers?.has(name))).toEqual([]);
    const { choices } = await client.withOptions({ maxRetries: 1 }).chat.completions.create(ASK);
    expect(choices).toHaveLength(1);
  });

  it('a WebSocket passes, with the close code of a drain', async () => {
    await using target = await start({ MODE: 'echo' });
    const client = await connectChat(gateway.url);
    client.chat({ request_id: 'r', messages: ASK.messages });
    await client.first(({ type }) => type === 'done');
    expect(client.textOf('r')).toBe('one two three four');
    const stopped = target.test.service.stop();
    expect(await client.closed).toMatchObject({ code: 1001 });
    await stopped;
  });
});
