import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startTestService, TEST_TOKEN } from '../testing/start-test-service.js';

const body = JSON.stringify({
  model: 'gauntlet-1',
  stream: true,
  max_tokens: 1,
  messages: [{ role: 'user', content: 'Hello' }],
});

it('begins the prefill of a request whose body came slowly with the last byte of it', async () => {
  await using test = await startTestService({ PREFILL_OVERHEAD: '200' });
  const socket = connect(test.service.port, '127.0.0.1');
  const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(head + body.slice(0, 20));
  await delay(150);
  const sentAt = performance.now();
  socket.write(body.slice(20));
  await once(socket, 'data');
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(200);
  socket.destroy();
});

it('has the prefill run while a request is read', async () => {
  await using test = await startTestService({ PREFILL_OVERHEAD: '500' });
  await fetch(`${test.controlUrl}/faults`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_TOKEN}` },
    body: JSON.stringify({ kind: 'event-loop-block', forMs: 450 }),
  });
  const sentAt = performance.now();
  await (await test.complete({ stream: true, max_tokens: 1 })).text();
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(500);
  expect(performance.now() - sentAt).toBeLessThan(950);
});
