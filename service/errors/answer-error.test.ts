import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { answerError } from './answer-error.js';
import { OpenAiError } from './openai-error.js';

/** What a client gets of a handler that throws this, and what is logged. */
async function thrown(error: Error): Promise<{ status: number; body: unknown; logged: unknown[] }> {
  const logged: unknown[] = [];
  const logger = pino({}, { write: (line: string) => logged.push(JSON.parse(line)) });
  const app = express().get('/broken', () => {
    throw error;
  });
  const server = app.use(answerError(logger)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/broken`);
  server.close();
  return { status: response.status, body: await response.json(), logged };
}

it('an error of the service itself is logged, and nothing of it is told', async () => {
  const { status, body, logged } = await thrown(new Error('the password is sesame'));
  expect([status, body]).toEqual([
    500,
    { error: { message: 'The server failed to answer.', type: 'server_error', param: null, code: 'internal_error' } },
  ]);
  const err = expect.objectContaining({ message: 'the password is sesame' });
  expect(logged).toMatchObject([{ event: 'failed', method: 'GET', path: '/broken', err }]);
});

it('an error that was made on purpose is told as it is, and not logged', async () => {
  const headers = { 'Retry-After': '1' };
  const error = new OpenAiError({ status: 503, message: 'Not now.', code: 'starting', headers });
  const { status, body, logged } = await thrown(error);
  expect([status, body, logged]).toMatchObject([503, { error: { message: 'Not now.', code: 'starting' } }, []]);
});

it('a fault of the client is told with its status, and not logged', async () => {
  const error = Object.assign(new Error('unsupported content encoding'), { status: 415 });
  const { status, body, logged } = await thrown(error);
  expect([status, body, logged]).toMatchObject([415, { error: { code: 'invalid_request' } }, []]);
});
