import { describe, expect, it } from 'vitest';
import { startTestService, TEST_TOKEN, type TestService } from '../testing/start-test-service.js';

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
