import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askWithOpenAi } from './ask-with-openai.js';

const never = new AbortController().signal;
/** What the server answers, an event each. */
let events: readonly string[];
let asked: string[];
let server: Server;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(String(request.headers['x-request-id']));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events) response.write(`data: ${event}\n\n`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => server.close());

function ask(instants: readonly number[]) {
  return askWithOpenAi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, instants, 'probe', never);
}

const chunk = (delta: object, reason: string | null = null) =>
  JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason }] });
const role = chunk({ role: 'assistant', content: '' });

test('it asks once for each instant, not before it, and takes content for tokens, not a role', async () => {
  events = [role, chunk({ content: 'a' }), chunk({ content: 'b' }), chunk({}, 'stop'), '[DONE]'];
  const at = Date.now() + 30;
  const exchanges = await ask([at, at + 10]);
  expect(exchanges.map(({ requestId }) => requestId)).toEqual(['probe.0', 'probe.1']);
  expect(asked).toEqual(expect.arrayContaining(['probe.0', 'probe.1']));
  for (const { intendedAt, sentAt, firstTokenAt, endedAt, gapsMs, done } of exchanges) {
    // Timers may come a millisecond early.
    expect(sentAt).toBeGreaterThan(intendedAt - 2);
    expect(firstTokenAt).toBeGreaterThanOrEqual(sentAt);
    expect(endedAt).toBeGreaterThanOrEqual(firstTokenAt);
    expect(gapsMs).toHaveLength(1);
    expect(done).toBe(true);
  }
});

test('a stream that ends without a reason is not whole', async () => {
  events = [role, chunk({ content: 'a' })];
  expect(await ask([Date.now()])).toMatchObject([{ done: false }]);
});

test('a server that is not there leaves an exchange that is not whole', async () => {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
  expect(await askWithOpenAi(address, [Date.now()], 'probe', never)).toMatchObject([{ done: false, firstTokenAt: 0 }]);
});
