import { expect, it } from 'vitest';
import { startTestService } from '../testing/start-test-service.js';

it('is alive and not ready, and refuses work, while it starts; and can be stopped', async () => {
  await using test = await startTestService({ STARTUP_DURATION: '3600000' });
  expect((await fetch(`${test.url}/health`)).status).toBe(200);
  const ready = await fetch(`${test.url}/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'starting', instance: 'llm-1' }]);
  const refused = await test.complete();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ error: { type: 'server_error', code: 'starting' } });
  expect(await test.service.stop()).toEqual({ ended: 0, cut: 0 });
});

it('is ready when its startup duration is over', async () => {
  await using test = await startTestService({ STARTUP_DURATION: '30' });
  await expect.poll(async () => (await fetch(`${test.url}/ready`)).status).toBe(200);
  expect((await test.complete()).status).toBe(200);
});
