import { describe, expect, it } from 'vitest';
import { connectChat, type Frame } from '../testing/chat-client.js';
import { placeFault } from '../testing/place-fault.js';
import { startTestService } from '../testing/start-test-service.js';

const isDone = ({ type }: Frame): boolean => type === 'done';
const isError = ({ type }: Frame): boolean => type === 'error';
const isToken = ({ type }: Frame): boolean => type === 'token';

const ECHO = { MODE: 'echo', INTER_TOKEN_LATENCY: '5' };
const ASK = { request_id: 'r', messages: [{ role: 'user', content: 'one two three four' }] };

describe('a chat suffers a fault and counts it:', () => {
  it.each([
    ['a status', { kind: 'status', status: 503, retryAfterMs: 70 }, 503, 'injected_fault', 70],
    ['a failure', { kind: 'failure', types: ['rate_limit'] }, 429, 'rate_limit_exceeded', 1000],
  ])('%s is an error frame with that status, before any other frame', async (_what, fault, status, code, ms) => {
    await using test = await startTestService();
    const touched = await placeFault(test, { ...fault, count: 1 });
    const client = await connectChat(test.url);
    client.chat(ASK);
    await client.first(isError);
    expect(client.frames.slice(1)).toMatchObject([
      { type: 'error', seq: 1, request_id: 'r', status, error: { code }, retry_after_ms: ms },
    ]);
    expect(await touched()).toBe(1);
    client.chat({ ...ASK, request_id: 'next' });
    await client.first(isDone);
    client.socket.close();
    await client.closed;
    await expect
      .poll(async () => (await test.journal()).map((each) => [each.requestId, each.status]))
      .toContainEqual(['r', status]);
  });

  it('a hang before the first frame, which ends when the request is cancelled', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '50' });
    const touched = await placeFault(test, { kind: 'header-hang', forMs: 3_600_000, count: 1 });
    const client = await connectChat(test.url);
    client.chat({ ...ASK, max_tokens: 4000 });
    client.chat({ ...ASK, request_id: 'other', max_tokens: 1 });
    await client.first(isDone);
    expect(client.frames.filter(({ request_id: id }) => id === 'r')).toEqual([]);
    client.send({ type: 'cancel', request_id: 'r' });
    expect(await client.first((frame) => isDone(frame) && frame.request_id === 'r')).toMatchObject({
      finish_reason: 'cancelled',
      usage: { total_tokens: 0 },
    });
    expect(await touched()).toBe(1);
    const status = (await (await fetch(`${test.url}/api/status`)).json()) as { slots: { running: number } };
    expect(status.slots.running, 'it was not generated after all').toBe(0);
  });

  it('a hang that is over lets the request be answered', async () => {
    await using test = await startTestService(ECHO);
    await placeFault(test, { kind: 'header-hang', forMs: 30 });
    const client = await connectChat(test.url);
    client.chat(ASK);
    await client.first(isDone);
    expect(client.textOf('r')).toBe('one two three four');
  });

  it('a stall at a token, while other answers of the session go on', async () => {
    await using test = await startTestService(ECHO);
    const touched = await placeFault(test, { kind: 'stream-stall', atToken: 2, forMs: 3_600_000, count: 1 });
    const client = await connectChat(test.url);
    client.chat(ASK);
    await client.first(({ index }) => index === 1);
    client.chat({ ...ASK, request_id: 'other' });
    await client.first(isDone);
    expect([client.textOf('r'), client.textOf('other')]).toEqual(['one two', 'one two three four']);
    expect(await touched()).toBe(1);
    client.send({ type: 'cancel', request_id: 'r' });
    const cancelled = await client.first((frame) => isDone(frame) && frame.request_id === 'r');
    expect(cancelled).toMatchObject({ finish_reason: 'cancelled', usage: { prompt_tokens: 4 } });
  });

  it('an error frame at a token ends the answer and frees its slot', async () => {
    await using test = await startTestService({ ...ECHO, MAX_NUM_SEQS: '1', MAX_WAITING_QUEUE_LENGTH: '0' });
    const touched = await placeFault(test, { kind: 'error-chunk', atToken: 2, count: 1 });
    const client = await connectChat(test.url);
    client.chat(ASK);
    expect(await client.first(isError)).toMatchObject({ seq: 4, request_id: 'r', status: 500 });
    expect(client.textOf('r')).toBe('one two');
    expect(await touched()).toBe(1);
    client.chat(ASK);
    await client.first(isDone);
    expect(client.frames.flatMap(({ seq }) => seq ?? []).slice(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('a garbled frame takes the place of none', async () => {
    await using test = await startTestService(ECHO);
    const touched = await placeFault(test, { kind: 'malformed-chunk', atToken: 1 });
    const client = await connectChat(test.url);
    client.chat(ASK);
    await client.first(isDone);
    expect(client.garbled).toEqual(['{"seq":3,"type":"tok']);
    expect(client.textOf('r')).toBe('one two three four');
    expect(client.frames.flatMap(({ seq }) => seq ?? []).slice(1)).toEqual([1, 2, 4, 5, 6, 7]);
    expect(await touched()).toBe(1);
  });

  it('a reset loses the connection, and the session can be resumed', async () => {
    await using test = await startTestService({ MODE: 'echo', INTER_TOKEN_LATENCY: '20' });
    const touched = await placeFault(test, { kind: 'stream-cut', atToken: 2, ending: 'reset', count: 1 });
    const lost = await connectChat(test.url);
    const { session_id: id } = await lost.session();
    lost.chat(ASK);
    expect(await lost.closed).toMatchObject({ code: 1006 });
    expect('one two'.startsWith(lost.textOf('r'))).toBe(true);
    expect(await touched()).toBe(1);
    const back = await connectChat(test.url);
    back.send({ type: 'resume', session_id: id, after: 0 });
    await back.first(isDone);
    expect(back.textOf('r')).toBe('one two three four');
  });

  it('a clean cut is a close as if all were said, without the end of the answer', async () => {
    await using test = await startTestService(ECHO);
    const touched = await placeFault(test, { kind: 'stream-cut', atToken: 2, ending: 'clean' });
    const client = await connectChat(test.url);
    client.chat(ASK);
    expect(await client.closed).toMatchObject({ code: 1000 });
    expect([client.textOf('r'), client.frames.some(isDone)]).toEqual(['one two', false]);
    expect(await touched()).toBe(1);
  });

  it('slow tokens', async () => {
    await using test = await startTestService({ PREFILL_OVERHEAD: '10', INTER_TOKEN_LATENCY: '10' });
    const touched = await placeFault(test, { kind: 'slow-tokens', factor: 3 });
    const client = await connectChat(test.url);
    client.chat({ max_tokens: 3 });
    const { metrics } = await client.first(isDone);
    expect((metrics as { generation_time_ms: number }).generation_time_ms).toBeGreaterThan(50);
    expect(await touched()).toBe(1);
  });

  it('one of the instance lets the answer be', async () => {
    await using test = await startTestService(ECHO);
    const touched = await placeFault(test, { kind: 'event-loop-block', forMs: 5 });
    const client = await connectChat(test.url);
    client.chat(ASK);
    await client.first(isDone);
    expect(await touched()).toBe(1);
  });
});

it('a fault for a header asks for one of the handshake, which itself suffers none', async () => {
  await using test = await startTestService();
  const touched = await placeFault(test, { kind: 'status', status: 500, header: { name: 'x-chaos' } });
  const spared = await connectChat(test.url);
  const chosen = await connectChat(test.url, { headers: { 'x-chaos': 'yes' } });
  for (const client of [spared, chosen]) client.chat(ASK);
  await spared.first(isDone);
  await chosen.first(isError);
  expect(await touched()).toBe(1);
});

it('a fault that the answer ended before is left for the next one', async () => {
  await using test = await startTestService(ECHO);
  const touched = await placeFault(test, { kind: 'error-chunk', atToken: 3, count: 1 });
  const client = await connectChat(test.url);
  client.chat({ ...ASK, max_tokens: 2 });
  await client.first(isDone);
  expect(await touched()).toBe(0);
  client.chat(ASK);
  await client.first(isError);
  expect(await touched()).toBe(1);
});

describe('rate limits', () => {
  const limits = { RATE_LIMIT_REQUESTS_PER_MINUTE: '2' };
  const keyed = { headers: { authorization: 'Bearer a-key' } };

  it('count chats and requests over HTTP of one API key together', async () => {
    await using test = await startTestService(limits);
    const client = await connectChat(test.url, keyed);
    client.chat({ request_id: 'r' });
    await client.first(isDone);
    const response = await test.complete({}, keyed);
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    client.chat({ request_id: 'refused' });
    const error = await client.first(isError);
    expect(error).toMatchObject({
      request_id: 'refused',
      status: 429,
      error: { code: 'rate_limit_exceeded', type: 'requests' },
    });
    expect(error.retry_after_ms).toBeGreaterThan(20_000);
    expect(error.retry_after_ms).toBeLessThanOrEqual(30_000);
    const other = await connectChat(test.url);
    other.chat();
    await other.first(isDone);
  });

  it('do not count what was cancelled before it was taken in', async () => {
    await using test = await startTestService(limits);
    const touched = await placeFault(test, { kind: 'header-hang', forMs: 3_600_000, count: 1 });
    const client = await connectChat(test.url, keyed);
    client.chat({ request_id: 'r' });
    await expect.poll(touched).toBe(1);
    client.send({ type: 'cancel', request_id: 'r' });
    await client.first(isDone);
    const response = await test.complete({}, keyed);
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('1');
  });
});

it('a drain ends a chat that is still held back by a fault, at its deadline', async () => {
  await using test = await startTestService({ DRAIN_DEADLINE_MS: '50' });
  const touched = await placeFault(test, { kind: 'header-hang', forMs: 3_600_000 });
  const client = await connectChat(test.url);
  client.chat(ASK);
  await expect.poll(touched).toBe(1);
  const stopped = test.service.stop();
  expect(await client.closed).toMatchObject({ code: 1001 });
  expect(client.frames.at(-1)).toMatchObject({ request_id: 'r', status: 503, error: { code: 'shutting_down' } });
  expect(await stopped).toEqual({ ended: 2, cut: 0 });
  expect(client.frames.filter(isToken)).toEqual([]);
});
