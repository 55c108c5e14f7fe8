import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { FaultRegistry } from '../faults/fault-registry.js';
import { readSettings } from '../settings/read-settings.js';
import { startTestService, TEST_TOKEN, type TestService } from '../testing/start-test-service.js';
import { createControlApp } from './create-control-app.js';
import { RuntimeConfig } from './runtime-config.js';

function control(test: TestService, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(test.controlUrl + path, {
    method,
    headers: { authorization: `Bearer ${TEST_TOKEN}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function place(test: TestService, status: number, count: number): Promise<string> {
  const response = await control(test, 'POST', '/faults', { kind: 'status', status, count });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

describe('the control port', () => {
  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['another scheme', { authorization: `Basic ${TEST_TOKEN}` }],
  ])('answers %s with 401, whatever the path', async (_what, headers) => {
    await using test = await startTestService();
    for (const path of ['/faults', '/nowhere']) {
      const response = await fetch(test.controlUrl + path, { headers: { ...headers } });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('is no part of the main port', async () => {
    await using test = await startTestService();
    const headers = { authorization: `Bearer ${TEST_TOKEN}` };
    expect((await fetch(`${test.url}/faults`, { headers })).status).toBe(404);
  });

  it('does not exist unless asked for', async () => {
    await using test = await startTestService({ CONTROL_PORT: undefined });
    expect(test.service.controlPort).toBeUndefined();
  });

  it('lists every problem of a fault', async () => {
    await using test = await startTestService();
    const response = await control(test, 'POST', '/faults', { kind: 'status', status: 200, count: 0, extra: 1 });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: {
        message: 'The fault is not valid.',
        problems: [
          expect.stringMatching(/^status: .*400.*received 200/),
          expect.stringMatching(/^count: .*1.*received 0/),
          expect.stringMatching(/^body: .*"extra"/),
        ],
      },
    });
    expect(await (await control(test, 'GET', '/faults')).json()).toEqual({ faults: [] });
  });

  it('shows the beginning of a long value only', async () => {
    await using test = await startTestService();
    const refused = await control(test, 'POST', '/faults', { kind: 'status', status: 'x'.repeat(1000) });
    expect(await refused.json()).toMatchObject({
      error: { problems: [expect.stringMatching(/^status: .*\(received "x{59}…\)$/)] },
    });
  });

  it('answers a body that is not JSON with 400', async () => {
    await using test = await startTestService();
    const init = { method: 'POST', headers: { authorization: `Bearer ${TEST_TOKEN}` }, body: '{' };
    const response = await fetch(`${test.controlUrl}/faults`, init);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: 'The request cannot be read.' } });
  });

  it('answers an unknown fault and an unknown route with 404', async () => {
    await using test = await startTestService();
    expect((await control(test, 'DELETE', '/faults/fault-9')).status).toBe(404);
    expect((await control(test, 'PUT', '/faults')).status).toBe(404);
  });
});

describe('the settings that can be changed', () => {
  const config = (test: TestService, change?: unknown): Promise<Response> =>
    control(test, change === undefined ? 'GET' : 'POST', '/admin/config', change);

  it('are told by name, with what was set at the start', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '7.5', FAILURE_TYPES: 'rate_limit' });
    expect(await (await config(test)).json()).toEqual({
      'latency-calculator': 'per-token',
      'time-to-first-token': 0,
      'time-to-first-token-std-dev': 0,
      'prefill-overhead': 5,
      'prefill-time-per-token': 0,
      'prefill-time-std-dev': 0,
      'inter-token-latency': 7.5,
      'inter-token-latency-std-dev': 0,
      'time-factor-under-load': 1,
      'failure-injection-rate': 0,
      'failure-types': ['rate_limit'],
    });
  });

  it('hold for the next tokens, of answers that run already too', async () => {
    await using test = await startTestService({ INTER_TOKEN_LATENCY: '1', PREFILL_OVERHEAD: '0' });
    const running = test.complete({ stream: true, max_tokens: 2000 });
    await expect.poll(() => test.service.openCount).toBe(1);
    const changed = await config(test, { 'inter-token-latency': 0, 'prefill-overhead': 300 });
    expect(changed.status).toBe(200);
    expect(await changed.json()).toMatchObject({ 'inter-token-latency': 0, 'prefill-overhead': 300 });
    const { metrics } = (await (await test.complete({ max_tokens: 3 })).json()) as {
      metrics: { time_to_first_token_ms: number; generation_time_ms: number };
    };
    expect(metrics).toMatchObject({ time_to_first_token_ms: 300, generation_time_ms: 0 });
    const told = /"generation_time_ms":([\d.]+)/.exec(await (await running).text());
    expect(Number(told?.[1])).toBeLessThan(1900);
  });

  it('start, change and end the injection of failures', async () => {
    await using test = await startTestService();
    await config(test, { 'failure-injection-rate': 100, 'failure-types': ['invalid_api_key'] });
    expect((await test.complete()).status).toBe(401);
    await config(test, { 'failure-types': 'model_not_found' });
    expect((await test.complete()).status).toBe(404);
    await config(test, { 'failure-injection-rate': 0 });
    expect((await test.complete()).status).toBe(200);
    expect(await (await control(test, 'GET', '/faults')).json()).toEqual({ faults: [] });
  });

  it('tell that no failures are injected any more when all faults were removed', async () => {
    await using test = await startTestService({ FAILURE_INJECTION_RATE: '50' });
    expect(await (await config(test)).json()).toMatchObject({ 'failure-injection-rate': 50 });
    await control(test, 'DELETE', '/faults');
    expect(await (await config(test)).json()).toMatchObject({ 'failure-injection-rate': 0 });
  });

  it.each([
    ['no object', [1], [/^body: expected an object/]],
    [
      'what cannot be changed, and a value of no kind',
      { 'max-num-seqs': 1, 'prefill-overhead': null },
      [/^max-num-seqs: expected one of latency-calculator, /, /^prefill-overhead: .*received null/],
    ],
    [
      'values out of range, alone and together',
      { 'inter-token-latency': 10, 'inter-token-latency-std-dev': 4, 'failure-injection-rate': 101 },
      [/^inter-token-latency-std-dev: received "4", expected a number from 0 to 3/, /^failure-injection-rate: .*100/],
    ],
  ])('are left as they were by %s', async (_what, change, problems) => {
    await using test = await startTestService();
    const before = await (await config(test)).json();
    const refused = await config(test, change);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      error: { message: 'Nothing was changed.', problems: problems.map((each) => expect.stringMatching(each)) },
    });
    expect(await (await config(test)).json()).toEqual(before);
  });

  it('do not hold the delays of an upstream', async () => {
    await using test = await startTestService({ UPSTREAM_URL: 'http://127.0.0.1:9/v1' });
    const names = Object.keys((await (await config(test)).json()) as object);
    expect(names).toEqual(['failure-injection-rate', 'failure-types']);
  });
});

it('a status that the client asks for itself is a fault for a header', async () => {
  await using test = await startTestService();
  const header = { name: 'x-return-error', value: '503' };
  await control(test, 'POST', '/faults', { kind: 'status', status: 503, header });
  expect((await test.complete({}, { headers: { 'x-return-error': '503' } })).status).toBe(503);
  expect((await test.complete()).status).toBe(200);
});

it('a failure of the control port itself is logged, and its cause not told', async () => {
  const logged: unknown[] = [];
  const logger = pino({}, { write: (line: string) => logged.push(JSON.parse(line)) });
  const faults = new FaultRegistry();
  faults.list = () => {
    throw new Error('a bug');
  };
  const config = new RuntimeConfig(
    { ...readSettings({}).engine, ...readSettings({}).failures },
    { faults, engine: undefined },
  );
  const app = createControlApp({ faults, config, token: TEST_TOKEN, hasHistory: false, logger });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/faults`, {
    headers: { authorization: `Bearer ${TEST_TOKEN}` },
  });
  server.close();
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ error: { message: 'The control port failed.', problems: [] } });
  expect(logged).toMatchObject([{ event: 'failed', method: 'GET', path: '/faults', err: { message: 'a bug' } }]);
});

describe('a status fault', () => {
  it('answers the next requests to /v1 in OpenAI error shape, and counts them', async () => {
    await using test = await startTestService();
    const id = await place(test, 503, 2);
    expect((await fetch(`${test.url}/health`)).status).toBe(200);

    const first = await test.complete();
    expect(first.status).toBe(503);
    expect(first.headers.get('x-llm-instance')).toBe('llm-1');
    expect(await first.json()).toEqual({
      error: { message: `Injected by ${id}.`, type: 'server_error', param: null, code: 'injected_fault' },
    });
    expect((await fetch(`${test.url}/v1/models`)).status).toBe(503);
    expect((await test.complete()).status).toBe(200);

    expect(await (await control(test, 'GET', '/faults')).json()).toEqual({
      faults: [{ id, kind: 'status', status: 503, count: 2, touched: 2 }],
    });
  });

  it('takes its turn after older faults', async () => {
    await using test = await startTestService();
    await place(test, 500, 1);
    await place(test, 599, 1);
    expect([(await test.complete()).status, (await test.complete()).status]).toEqual([500, 599]);
  });

  it('ends when removed, and tells how many requests it touched', async () => {
    await using test = await startTestService();
    const id = await place(test, 500, 100);
    expect((await test.complete()).status).toBe(500);
    const removed = await control(test, 'DELETE', `/faults/${id}`);
    expect(removed.status).toBe(200);
    expect(await removed.json()).toEqual({ id, kind: 'status', status: 500, count: 100, touched: 1 });
    expect((await test.complete()).status).toBe(200);
  });

  it('ends when all are removed', async () => {
    await using test = await startTestService();
    await place(test, 500, 100);
    await place(test, 502, 100);
    const removed = await control(test, 'DELETE', '/faults');
    expect(await removed.json()).toMatchObject({ faults: [{ touched: 0 }, { touched: 0 }] });
    expect((await test.complete()).status).toBe(200);
  });
});
