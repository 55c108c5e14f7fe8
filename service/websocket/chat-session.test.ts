import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { connectChat, type Frame } from '../testing/chat-client.js';
import { startTestService, type TestService } from '../testing/start-test-service.js';

const isDone = ({ type }: Frame): boolean => type === 'done';
const isToken = ({ type }: Frame): boolean => type === 'token';

async function running(test: TestService): Promise<number> {
  const status = (await (await fetch(`${test.url}/api/status`)).json()) as { slots: { running: number } };
  return status.slots.running;
}

describe('a session whose connection was lost', () => {
  it('goes on, and a new connection gets exactly what was not seen', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '5' });
    const lost = await connectChat(test.url);
    const { session_id: id } = await lost.session();
    lost.chat({ request_id: 'r', max_tokens: 40 });
    await lost.first(({ index }) => index === 5);
    lost.socket.terminate();
    await lost.closed;
    const seen = Math.max(...lost.frames.flatMap(({ seq }) => seq ?? []));

    const back = await connectChat(test.url);
    const { session_id: unused } = await back.session();
    back.send({ type: 'resume', session_id: id, after: seen });
    await back.first(isDone);
    back.send({ type: 'resume', session_id: unused, after: 0 });
    expect(await back.first(({ type }) => type === 'error')).toMatchObject({ error: { code: 'session_not_found' } });
    expect(await back.first(({ resumed }) => resumed === true)).toMatchObject({ type: 'session', session_id: id });
    const numbers = back.frames.flatMap(({ type, seq }) => (type === 'session' ? [] : (seq ?? [])));
    expect(numbers).toEqual(Array.from({ length: 42 - seen }, (_, index) => seen + 1 + index));
    const whole = (await (await test.complete({ max_tokens: 40 })).json()) as {
      choices: [{ message: { content: string } }];
    };
    expect(lost.textOf('r') + back.textOf('r')).toBe(whole.choices[0].message.content);
    back.socket.close();
  });

  it('can be taken over before the loss was noticed; the old connection is closed with 1008', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '5' });
    const first = await connectChat(test.url);
    const { session_id: id } = await first.session();
    first.chat({ request_id: 'r', max_tokens: 30 });
    await first.first(isToken);
    const second = await connectChat(test.url);
    second.send({ type: 'resume', session_id: id, after: 0 });
    expect(await first.closed).toMatchObject({ code: 1008 });
    await second.first(isDone);
    expect(second.frames.filter(isToken).map(({ index }) => index)).toEqual(
      Array.from({ length: 30 }, (_, index) => index),
    );
  });

  it('is not forgotten once its client is back', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '10', WS_SESSION_TTL_MS: '800' });
    const lost = await connectChat(test.url);
    const { session_id: id } = await lost.session();
    lost.chat({ max_tokens: 120 });
    await lost.first(isToken);
    lost.socket.terminate();
    const back = await connectChat(test.url);
    back.send({ type: 'resume', session_id: id, after: 0 });
    expect(await back.first(isDone)).toMatchObject({ finish_reason: 'length' });
  });

  it('is forgotten after its time, and its slot is free', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '50', WS_SESSION_TTL_MS: '30' });
    const lost = await connectChat(test.url);
    const { session_id: id } = await lost.session();
    lost.chat({ max_tokens: 4000 });
    await lost.first(isToken);
    lost.socket.terminate();
    await expect.poll(() => running(test)).toBe(0);
    const back = await connectChat(test.url);
    back.send({ type: 'resume', session_id: id, after: 0 });
    expect(await back.first(({ type }) => type === 'error')).toMatchObject({
      status: 404,
      error: { code: 'session_not_found' },
    });
  });

  it('is not resumed from what is no longer kept, nor from what never was', async () => {
    await using test = await startTestService({ WS_REPLAY_FRAMES: '64', INTER_TOKEN_LATENCY: '0' });
    const lost = await connectChat(test.url);
    const { session_id: id } = await lost.session();
    lost.chat({ max_tokens: 500 });
    await lost.first(isDone);
    lost.socket.terminate();
    const back = await connectChat(test.url);
    for (const after of [1, 999]) {
      back.send({ type: 'resume', session_id: id, after });
      const error = await back.first(({ error }) => String(Object(error).message).endsWith(`after ${after}.`));
      expect(error).toMatchObject({ status: 409, error: { code: 'replay_not_possible', param: 'after' } });
    }
  });
});

it('a peer that answers no ping is cut off, and its session waits for it', async () => {
  await using test = await startTestService({ WS_HEARTBEAT_MS: '30', INTER_TOKEN_LATENCY: '5' });
  const dead = await connectChat(test.url, { autoPong: false });
  const alive = await connectChat(test.url);
  expect(await dead.closed).toMatchObject({ code: 1006 });
  expect(alive.socket.readyState).toBe(alive.socket.OPEN);
  const { session_id: id } = await dead.session();
  alive.send({ type: 'resume', session_id: id, after: 0 });
  await alive.first(({ resumed }) => resumed === true);
});

it('a client that reads slowly costs bounded memory, and loses nothing that is still kept', async () => {
  await using test = await startTestService({
    INTER_TOKEN_LATENCY: '0',
    PREFILL_OVERHEAD: '0',
    MODE: 'echo',
    MAX_MODEL_LEN: '1000000',
    WS_REPLAY_FRAMES: '100000',
  });
  const client = await connectChat(test.url);
  client.socket.pause();
  const word = 'x'.repeat(2000);
  const words = 400;
  for (let place = 0; place < 8; place += 1) {
    client.chat({ request_id: `r-${place}`, messages: [{ role: 'user', content: `${word} `.repeat(words) }] });
  }
  // 6 MB of answers are ready; without a bound they would all be in the connection's buffer.
  await expect.poll(() => running(test), { timeout: 20_000 }).toBe(0);
  client.socket.resume();
  await client.first(({ type, request_id: id }) => type === 'done' && id === 'r-7');
  const numbers = client.frames.flatMap(({ seq, type }) => (type === 'session' ? [] : (seq ?? [])));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
  expect(client.frames.filter(isToken).length).toBe(8 * words);
});

it('a client that falls further behind than what is kept is closed with 1013', async () => {
  await using test = await startTestService({
    INTER_TOKEN_LATENCY: '0',
    PREFILL_OVERHEAD: '0',
    MODE: 'echo',
    MAX_MODEL_LEN: '1000000',
    WS_REPLAY_FRAMES: '64',
  });
  const client = await connectChat(test.url);
  client.socket.pause();
  const content = `${'x'.repeat(20_000)} `.repeat(45);
  for (let place = 0; place < 8; place += 1) {
    client.chat({ request_id: `r-${place}`, messages: [{ role: 'user', content }] });
  }
  await expect.poll(() => running(test), { timeout: 20_000 }).toBe(0);
  client.socket.resume();
  expect(await client.closed).toMatchObject({ code: 1013 });
});

describe('a drain', () => {
  it('closes idle connections with 1001 at once, and the others when their answer is whole', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '10' });
    const idle = await connectChat(test.url);
    const busy = await connectChat(test.url);
    busy.chat({ request_id: 'r', max_tokens: 60 });
    await busy.first(isToken);
    const stopped = test.service.stop();
    expect(await idle.closed).toMatchObject({ code: 1001 });
    expect(busy.frames.some(isDone)).toBe(false);
    busy.chat({ request_id: 'late' });
    expect(await busy.first(({ type }) => type === 'error')).toMatchObject({
      request_id: 'late',
      status: 503,
      error: { code: 'shutting_down' },
    });
    expect(await busy.closed).toMatchObject({ code: 1001 });
    expect(await busy.first(isDone)).toMatchObject({ finish_reason: 'length' });
    expect(await stopped).toEqual({ ended: 0, cut: 0 });
  });

  it('ends answers at the deadline with an error, then 1001', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '10', DRAIN_DEADLINE_MS: '50' });
    const busy = await connectChat(test.url);
    busy.chat({ request_id: 'r', max_tokens: 4000 });
    await busy.first(isToken);
    const stopped = test.service.stop();
    expect(await busy.closed).toMatchObject({ code: 1001 });
    expect(busy.frames.at(-1)).toMatchObject({ type: 'error', request_id: 'r', error: { code: 'shutting_down' } });
    // The connection, and the request on it.
    expect(await stopped).toEqual({ ended: 2, cut: 0 });
    expect((await test.journal()).map(({ status, completed }) => [status, completed])).toEqual([
      [503, true],
      [101, true],
    ]);
  });

  it('does not wait for a peer that is gone', async () => {
    await using test = await startTestService({ DRAIN_DEADLINE_MS: '3600000', INTER_TOKEN_LATENCY: '5' });
    const lost = await connectChat(test.url);
    lost.chat({ max_tokens: 4000 });
    await lost.first(isToken);
    const gone = once(lost.socket, 'close');
    lost.socket.terminate();
    await gone;
    expect(await test.service.stop()).toMatchObject({ cut: 0 });
  });
});
