import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleService } from '../testing/bundle-service.js';
import { spawnService } from '../testing/spawn-service.js';

let bundle: { folder: string; file: string };
beforeAll(async () => {
  bundle = await bundleService();
});
afterAll(() => rm(bundle.folder, { recursive: true }));

const forwarded = {
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-host': 'llm.example.test',
  'x-forwarded-proto': 'https',
  'x-real-ip': '203.0.113.7',
};

describe('the log line of a request', () => {
  it.each([
    ['believes no header by default', {}, '127.0.0.1'],
    ['believes a proxy that it was told to trust', { TRUSTED_PROXIES: '127.0.0.0/8' }, '203.0.113.7'],
  ])('%s, and shows what was claimed', async (_what, env, client) => {
    await using service = spawnService(bundle.file, { PORT: '0', ...env });
    const { port } = await service.event('listening');
    const headers = { ...forwarded, 'x-request-id': 'r-1' };
    await fetch(`http://127.0.0.1:${port}/v1/chat/completions?key=hidden`, { method: 'POST', headers });
    expect(await service.event('request')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      instance: 'llm-1',
      event: 'request',
      requestId: 'r-1',
      method: 'POST',
      path: '/v1/chat/completions',
      status: 400,
      completed: true,
      durationMs: expect.any(Number),
      client,
      forwarded: { for: '203.0.113.7', host: 'llm.example.test', proto: 'https', realIp: '203.0.113.7' },
    });
  });
});

it('no credential and no content reaches the log, at any level', async () => {
  await using service = spawnService(bundle.file, {
    PORT: '0',
    CONTROL_PORT: '0',
    CONTROL_TOKEN: 'secret-control',
    LOG_LEVEL: 'debug',
  });
  const { port, controlPort } = await service.event('listening');
  await fetch(`http://127.0.0.1:${controlPort}/faults`, { headers: { authorization: 'Bearer secret-control' } });
  const headers = { authorization: 'Bearer secret-key', cookie: 'session=secret-cookie', 'x-api-key': 'secret-api' };
  const body = JSON.stringify({ model: 'gauntlet-1', messages: [{ role: 'user', content: 'secret-content' }] });
  await fetch(`http://127.0.0.1:${port}/v1/chat/completions?token=secret-query`, { method: 'POST', headers, body });
  await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, { method: 'POST', headers, body: `{"x":"secret-bad` });
  service.child.kill('SIGTERM');
  await service.event('stopped');
  const { code, stderr } = await service.ended();
  expect(code).toBe(0);
  expect(service.printed.filter(({ event }) => event === 'request')).toHaveLength(2);
  expect(JSON.stringify(service.printed) + stderr).not.toContain('secret');
});

it('probes of gateways are logged at debug alone', async () => {
  await using service = spawnService(bundle.file, { PORT: '0' });
  const { port } = await service.event('listening');
  for (const path of ['/health', '/ready', '/metrics', '/api/status']) await fetch(`http://127.0.0.1:${port}${path}`);
  expect(await service.event('request')).toMatchObject({ path: '/api/status' });
});
