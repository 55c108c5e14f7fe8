import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { holdCompletion } from './testing/hold-completion.js';
import { startTestService } from './testing/start-test-service.js';

it('lets requests in flight finish, and tells their clients not to reuse the connection', async () => {
  await using test = await startTestService();
  const held = holdCompletion(test.url);
  await expect.poll(() => test.service.openCount).toBe(1);
  const stopped = test.service.stop();
  await held.release();
  const response = await held.answer;
  expect(response.status).toBe(200);
  expect(response.headers.get('connection')).toBe('close');
  expect(await stopped).toBe(0);
});

it('does not wait for connections without a request, used or never used', async () => {
  await using test = await startTestService({ DRAIN_DEADLINE_MS: '3600000' });
  const unused = connect(test.service.port, '127.0.0.1');
  await once(unused, 'connect');
  const agent = new Agent({ keepAlive: true });
  const [response] = await once(get(`${test.url}/health`, { agent }), 'response');
  await once(response.resume(), 'end');
  expect(await test.service.stop()).toBe(0);
  agent.destroy();
  unused.destroy();
});

it('cuts requests off at the deadline and journals them as not completed', async () => {
  await using test = await startTestService({ PREFILL_OVERHEAD: '60000', DRAIN_DEADLINE_MS: '20' });
  const answers = Promise.allSettled([test.complete(), test.complete()]);
  await expect.poll(() => test.service.openCount).toBe(2);
  expect(await test.service.stop()).toBe(2);
  expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await test.journal()).toMatchObject([
    { completed: false, status: 0 },
    { completed: false, status: 0 },
  ]);
});
