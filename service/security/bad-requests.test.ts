import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BAD_REQUEST_BODY_LIMIT, type BadRequest, badRequests } from '../testing/bad-requests.js';
import { bundleService } from '../testing/bundle-service.js';
import { spawnService } from '../testing/spawn-service.js';

let bundle: { folder: string; file: string };
beforeAll(async () => {
  bundle = await bundleService();
});
afterAll(() => rm(bundle.folder, { recursive: true }));

/** Sends a bad request and resolves with the status that came back; 0 when the connection just ended. */
async function statusOf(port: number, { bytes, afterwards }: BadRequest): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
    // The client of a WebSocket that was garbage has to close as well.
    if (answer.startsWith('HTTP/1.1 101')) socket.end();
  });
  // A reset is one way for a connection to end.
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  if (afterwards === 'cut') socket.write(bytes, () => socket.resetAndDestroy());
  else socket.write(bytes);
  await closed;
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
}

it('a thousand bad requests are each refused as they should be, and leave nothing behind', {
  timeout: 120_000,
}, async () => {
  await using service = spawnService(bundle.file, {
    PORT: '0',
    LOG_LEVEL: 'info',
    MAX_NUM_SEQS: '4',
    BODY_LIMIT_BYTES: String(BAD_REQUEST_BODY_LIMIT),
    HEADERS_TIMEOUT_MS: '1000',
    REQUEST_TIMEOUT_MS: '1500',
    WS_SESSION_TTL_MS: '100',
  });
  const { port = 0 } = await service.event('listening');
  const waiting = badRequests(20_260_104, 1000);
  const wrong: string[] = [];
  let sent = 0;
  const client = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const status = await statusOf(port, next);
      sent += 1;
      const fits = next.statuses === 'none' ? status < 500 : next.statuses.includes(status);
      if (!fits)
        wrong.push(`${next.what}: ${status}, not ${next.statuses}; ${next.bytes.subarray(0, 300).toString('latin1')}`);
    }
  };
  await Promise.all(Array.from({ length: 50 }, client));
  expect(wrong).toEqual([]);
  expect(sent).toBe(1000);

  const url = `http://127.0.0.1:${port}`;
  const status = async () => (await (await fetch(`${url}/api/status`)).json()) as object;
  await expect.poll(status, { timeout: 10_000 }).toMatchObject({
    inFlight: 0,
    slots: { running: 0 },
    queue: { waiting: 0 },
    // The one that asks.
    connections: { open: 1, webSockets: 0 },
  });
  const body = JSON.stringify({ model: 'gauntlet-1', messages: [{ role: 'user', content: 'Still there?' }] });
  expect((await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })).status).toBe(200);
  service.child.kill('SIGTERM');
  expect(await service.ended()).toEqual({ code: 0, stderr: '' });
  expect(service.printed.filter((line) => Number(Object(line).status) >= 500)).toEqual([]);
});
