import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startTestService } from './testing/start-test-service.js';

/** Sends bytes and reads until the service closes the connection. */
async function exchangeBytes(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return await text(socket);
}

describe('every response', () => {
  it.each(['/health', '/ready', '/metrics', '/api/status', '/nowhere', '/v1/chat/completions'])(
    'of %s names instance and version, echoes the request id and does not name the framework',
    async (path) => {
      await using test = await startTestService({ INSTANCE_ID: 'llm-7' });
      const { headers } = await fetch(test.url + path, { headers: { 'x-request-id': 'abc-1' } });
      expect(headers.get('x-llm-instance')).toBe('llm-7');
      expect(headers.get('x-llm-version')).toBe('1.3.0');
      expect(headers.get('x-request-id')).toBe('abc-1');
      expect(headers.has('x-powered-by')).toBe(false);
    },
  );

  it('carries no request id when the client sent none', async () => {
    await using test = await startTestService();
    expect((await fetch(`${test.url}/health`)).headers.has('x-request-id')).toBe(false);
  });
});

it.each([
  ['bytes that are not HTTP', 'GARBAGE\r\n\r\n', '400 Bad Request', 'malformed_request'],
  [
    'headers beyond the limit',
    `GET / HTTP/1.1\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`,
    '431 Request Header Fields Too Large',
    'headers_too_large',
  ],
])('answers %s in OpenAI error shape, with its identity', async (_what, bytes, status, code) => {
  await using test = await startTestService();
  const answer = await exchangeBytes(test.service.port, bytes);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toContain(`HTTP/1.1 ${status}\r\n`);
  expect(head).toContain('X-LLM-Instance: llm-1\r\n');
  expect(JSON.parse(body)).toMatchObject({ error: { type: 'invalid_request_error', param: null, code } });
});

it('serves and journals a request without a Host header', async () => {
  await using test = await startTestService();
  const answer = await exchangeBytes(test.service.port, 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n');
  expect(answer).toContain('HTTP/1.1 200 OK\r\n');
  await test.service.stop();
  expect(await test.journal()).toMatchObject([{ path: '/health', host: '', status: 200 }]);
});
