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
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
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

describe('a request that takes too long to arrive', () => {
  const limits = { HEADERS_TIMEOUT_MS: '100', REQUEST_TIMEOUT_MS: '200' };

  it.each([
    ['headers', 'GET /health HTTP/1.1\r\nHost: a\r\nX-Slow'],
    ['body', 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"model"'],
  ])('is answered with 408 when its %s stay out', async (_what, bytes) => {
    await using test = await startTestService(limits);
    const answer = await exchangeBytes(test.service.port, bytes);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toContain('HTTP/1.1 408 Request Timeout\r\n');
    expect(head).toContain('X-LLM-Instance: llm-1\r\n');
    expect(body).toContain('"code":"request_timeout"');
    expect(test.service.openCount).toBe(0);
  });

  it('is not one that a connection has not begun: a pool may hold it for later', async () => {
    await using test = await startTestService(limits);
    const spare = connect(test.service.port, '127.0.0.1');
    await once(spare, 'connect');
    // The answer to a later slow request shows that the times have been checked since.
    await exchangeBytes(test.service.port, 'GET /health HTTP/1.1\r\nX-Slow');
    spare.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await text(spare)).toContain('HTTP/1.1 200 OK\r\n');
  });
});

it('answers a body that stops being HTTP with 400 and journals it', async () => {
  await using test = await startTestService();
  const head = 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
  const answer = await exchangeBytes(test.service.port, `${head}2\r\n{}\r\nno chunk size\r\n`);
  expect(answer).toContain('HTTP/1.1 400 Bad Request\r\n');
  expect(answer).toContain('"code":"malformed_request"');
  await test.service.stop();
  expect(await test.journal()).toMatchObject([{ path: '/v1/chat/completions', status: 400 }]);
});

it.each([
  ['an expectation', 'GET /health HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n', 417, 'expectation_failed'],
  ['a tunnel', 'CONNECT other:443 HTTP/1.1\r\nHost: other\r\n\r\n', 405, 'method_not_allowed'],
])('refuses %s, and journals it', async (_what, bytes, status, code) => {
  await using test = await startTestService();
  const answer = await exchangeBytes(test.service.port, bytes);
  expect(answer).toContain(`HTTP/1.1 ${status} `);
  expect(answer).toContain(`"code":"${code}"`);
  await test.service.stop();
  expect(await test.journal()).toMatchObject([{ status }]);
});

it('closes connections beyond the limit, and takes new ones when others have gone', async () => {
  await using test = await startTestService({ MAX_CONNECTIONS: '1' });
  const first = connect(test.service.port, '127.0.0.1');
  await once(first, 'connect');
  const second = connect(test.service.port, '127.0.0.1').resume();
  await once(second, 'close');
  first.end();
  await once(first.resume(), 'close');
  const answers = () => exchangeBytes(test.service.port, 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n');
  await expect.poll(answers).toContain('HTTP/1.1 200 OK\r\n');
});
