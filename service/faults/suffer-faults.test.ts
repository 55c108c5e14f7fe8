import { describe, expect, it } from 'vitest';
import { startTestService, TEST_TOKEN, type TestService } from '../testing/start-test-service.js';

const headers = { authorization: `Bearer ${TEST_TOKEN}` };

async function place(test: TestService, fault: object): Promise<Response> {
  return fetch(`${test.controlUrl}/faults`, { method: 'POST', headers, body: JSON.stringify(fault) });
}

async function touched(test: TestService): Promise<number | undefined> {
  const list = (await (await fetch(`${test.controlUrl}/faults`, { headers })).json()) as {
    faults: readonly { readonly touched: number }[];
  };
  return list.faults[0]?.touched;
}

describe('a fault beside the answer', () => {
  it.each([
    ['cpu-burn', { forMs: 20 }],
    ['event-loop-block', { forMs: 20 }],
    ['memory-growth', { bytes: 1_000_000 }],
    ['slow-tokens', { factor: 2 }],
  ])('of kind %s lets the request be answered, and is counted', async (kind, fields) => {
    await using test = await startTestService();
    expect((await place(test, { kind, ...fields, count: 1 })).status).toBe(201);
    for (let request = 0; request < 2; request += 1) expect((await test.complete()).status).toBe(200);
    expect(await touched(test)).toBe(1);
  });

  it('keeps memory until it is removed', async () => {
    await using test = await startTestService();
    const before = process.memoryUsage().arrayBuffers;
    await place(test, { kind: 'memory-growth', bytes: 50_000_000 });
    await (await test.complete()).text();
    expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThan(45_000_000);
  });

  it('makes every delay of an answer longer', async () => {
    await using test = await startTestService({ PREFILL_OVERHEAD: '100', INTER_TOKEN_LATENCY: '10' });
    await place(test, { kind: 'slow-tokens', factor: 3 });
    const answer = (await (await test.complete({ max_tokens: 3 })).json()) as {
      metrics: { time_to_first_token_ms: number; generation_time_ms: number };
    };
    expect(answer.metrics.time_to_first_token_ms).toBeCloseTo(300);
    expect(answer.metrics.generation_time_ms).toBeCloseTo(60);
  });
});

it('refuses to lock a history that is not there', async () => {
  await using test = await startTestService();
  const refused = await place(test, { kind: 'sqlite-lock', forMs: 100 });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: { problems: [expect.stringContaining('history')] } });
});

it('names the kinds there are when it is asked for another one', async () => {
  await using test = await startTestService();
  const refused = await place(test, { kind: 'earthquake' });
  expect(await refused.json()).toMatchObject({ error: { problems: [expect.stringContaining('stream-cut')] } });
});

it.each(['not-a-type', 'rate_limit,nothing'])('a start with FAILURE_TYPES=%s says what is legal', async (types) => {
  await expect(startTestService({ FAILURE_TYPES: types })).rejects.toThrow(/FAILURE_TYPES.*invalid_api_key/);
});

it('injects failures from the start at the rate that is set', async () => {
  await using test = await startTestService({ FAILURE_INJECTION_RATE: '100', FAILURE_TYPES: 'invalid_api_key' });
  const refused = await test.complete();
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ error: { code: 'invalid_api_key', type: 'authentication_error' } });
});
