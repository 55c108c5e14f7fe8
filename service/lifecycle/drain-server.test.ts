import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { holdCompletion } from '../testing/hold-completion.js';
import { startTestService } from '../testing/start-test-service.js';

it('lets requests in flight finish, and tells their clients not to reuse the connection', async () => {
  await using test = await startTestService();
  const held = holdCompletion(test.url);
  await expect.poll(() => test.service.openCount).toBe(1);
  const stopped = test.service.stop();
  await held.release();
  const response = await held.answer;
  expect(response.status).toBe(200);
  expect(response.headers.get('connection')).toBe('close');
  expect(await stopped).toEqual({ ended: 0, cut: 0 });
});

it('does not wait for connections without a request, used or never used', async () => {
  await using test = await startTestService({ DRAIN_DEADLINE_MS: '3600000' });
  const unused = connect(test.service.port, '127.0.0.1');
  await once(unused, 'connect');
  const agent = new Agent({ keepAlive: true });
  const [response] = await once(get(`${test.url}/health`, { agent }), 'response');
  await once(response.resume(), 'end');
  expect(await test.service.stop()).toEqual({ ended: 0, cut: 0 });
  agent.destroy();
  unused.destroy();
});

it('answers 503 at the deadline to what has no answer yet, and journals it', async () => {
  await using test = await startTestService({ PREFILL_OVERHEAD: '60000', DRAIN_DEADLINE_MS: '20' });
  const answers = Promise.all([test.complete(), test.complete()]);
  await expect.poll(() => test.service.openCount).toBe(2);
  expect(await test.service.stop()).toEqual({ ended: 2, cut: 0 });
  for (const answer of await answers) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('connection')).toBe('close');
    expect(await answer.json()).toMatchObject({ error: { type: 'server_error', code: 'shutting_down' } });
  }
  expect(await test.journal()).toMatchObject([
    { completed: true, status: 503 },
    { completed: true, status: 503 },
  ]);
});

it('ends a stream at the deadline with an error chunk and [DONE]', async () => {
  await using test = await startTestService({ INTER_TOKEN_LATENCY: '5', DRAIN_DEADLINE_MS: '20' });
  const response = await test.complete({ stream: true, max_tokens: 4000 });
  const stopped = test.service.stop();
  const events = (await response.text()).trimEnd().split('\n\n');
  expect(await stopped).toEqual({ ended: 1, cut: 0 });
  expect(events.length).toBeGreaterThan(2);
  expect(JSON.parse(events.at(-2)?.slice('data: '.length) ?? '')).toMatchObject({ error: { code: 'shutting_down' } });
  expect(events.at(-1)).toBe('data: [DONE]');
});

it('goes on serving, unready, for as long as the gateway may not have noticed', async () => {
  await using test = await startTestService({ DRAIN_DELAY_MS: '700' });
  const began = performance.now();
  const stopped = test.service.stop();
  const ready = await fetch(`${test.url}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ status: 'draining', instance: 'llm-1' });
  expect((await fetch(`${test.url}/health`)).status).toBe(200);
  expect(await (await fetch(`${test.url}/api/status`)).json()).toMatchObject({ draining: true });
  expect((await test.complete()).status).toBe(200);
  await stopped;
  // A timer may fire up to one millisecond early.
  expect(performance.now() - began).toBeGreaterThanOrEqual(699);
  await expect(fetch(`${test.url}/ready`)).rejects.toThrow('fetch failed');
});

it('cuts off a client that does not take its ending', async () => {
  await using test = await startTestService({ DRAIN_DEADLINE_MS: '0' });
  const silent = connect(test.service.port, '127.0.0.1');
  // A request that never ends: its client has no business waiting for the response.
  silent.write('POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{');
  await expect.poll(() => test.service.openCount).toBe(1);
  const closed = once(silent.resume(), 'close');
  expect(await test.service.stop()).toMatchObject({ ended: 1 });
  await closed;
});
