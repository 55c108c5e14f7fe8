import { describe, expect, it } from 'vitest';
import { holdCompletion } from './testing/hold-completion.js';
import { startTestService } from './testing/start-test-service.js';

describe('health and readiness', () => {
  it('is alive and ready once started', async () => {
    await using test = await startTestService();
    const health = await fetch(`${test.url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual({ status: 'ok', instance: 'llm-1' });
    expect((await fetch(`${test.url}/ready`)).status).toBe(200);
  });
});

describe('status', () => {
  it('counts completions served and in flight, and no probes', async () => {
    await using test = await startTestService();
    const status = async (): Promise<unknown> => (await fetch(`${test.url}/api/status`)).json();
    const held = holdCompletion(test.url);
    await expect.poll(status).toMatchObject({ inFlight: 1, requestsServed: 0 });
    await held.release();
    await (await held.answer).text();
    expect(await status()).toMatchObject({
      instance: 'llm-1',
      version: '1.3.0',
      uptimeSeconds: expect.any(Number),
      requestsServed: 1,
      inFlight: 0,
      draining: false,
    });
  });
});

describe('metrics', () => {
  it('counts and times requests by route and status, and counts tokens', async () => {
    await using test = await startTestService();
    await (await test.complete()).text();
    await (await fetch(`${test.url}/some/unknown/path`)).text();
    const response = await fetch(`${test.url}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = (await response.text()).split('\n');
    const completion = 'http_request_method="POST",http_route="/v1/chat/completions",http_response_status_code="200"';
    const unmatched = 'http_request_method="GET",http_route="unmatched",http_response_status_code="404"';
    expect(lines).toContain(`gen_ai_server_requests_total{${completion}} 1`);
    expect(lines).toContain(`gen_ai_server_requests_total{${unmatched}} 1`);
    expect(lines).toContain(`gen_ai_server_request_duration_seconds_bucket{le="81.92",${completion}} 1`);
    expect(lines).toContain('gen_ai_server_requests_in_flight 0');
    expect(lines).toContain('gen_ai_server_tokens_total{gen_ai_token_type="input"} 5');
    expect(lines).toContain('gen_ai_server_tokens_total{gen_ai_token_type="output"} 8');
  });

  it('belong to one instance alone', async () => {
    await using first = await startTestService();
    await using second = await startTestService();
    await (await first.complete()).text();
    expect(await (await fetch(`${second.url}/metrics`)).text()).not.toContain('/v1/chat/completions');
  });
});

it.each([
  ['GET', '/nowhere'],
  ['GET', '/v1/chat/completions'],
  ['POST', '/health'],
])('answers the unknown %s %s with 404 in OpenAI error shape', async (method, path) => {
  await using test = await startTestService();
  const response = await fetch(test.url + path, { method });
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    error: {
      message: `Unknown URL: ${method} ${path}`,
      type: 'invalid_request_error',
      param: null,
      code: 'unknown_url',
    },
  });
});
