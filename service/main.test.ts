import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleService } from './testing/bundle-service.js';
import { type HeldCompletion, holdCompletion } from './testing/hold-completion.js';
import { type SpawnedService, spawnService } from './testing/spawn-service.js';
import { readJournal, startTestService } from './testing/start-test-service.js';

let bundle: { folder: string; file: string };

beforeAll(async () => {
  bundle = await bundleService();
});

afterAll(async () => {
  await rm(bundle.folder, { recursive: true });
});

async function urlOf(service: SpawnedService): Promise<string> {
  const { port } = await service.event('listening');
  return `http://127.0.0.1:${port}`;
}

/** Sends half of a completion and resolves when it is in flight. */
async function startCompletion(url: string): Promise<HeldCompletion> {
  const held = holdCompletion(url);
  const status = async (): Promise<unknown> => (await fetch(`${url}/api/status`)).json();
  await expect.poll(status, { timeout: 4000 }).toMatchObject({ inFlight: 1 });
  return held;
}

describe('a stop signal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s drains: the request in flight is answered and journaled, exit 0',
    async (signal) => {
      const journal = join(bundle.folder, `${signal}.ndjson`);
      await using service = spawnService(bundle.file, { PORT: '0', JOURNAL: journal });
      const url = await urlOf(service);
      const held = await startCompletion(url);
      service.child.kill(signal);
      expect(await service.event('draining')).toMatchObject({ open: 1 });
      await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');

      await held.release();
      expect((await held.answer).status).toBe(200);
      expect(await service.event('stopped')).toMatchObject({ ended: 0, cut: 0 });
      expect(await service.ended()).toEqual({ code: 0, stderr: '' });
      const completions = (await readJournal(journal)).filter((line) => line.method === 'POST');
      expect(completions).toMatchObject([{ status: 200, completed: true }]);
    },
  );

  it('exits at once when it comes a second time, and keeps the journal of what had ended', async () => {
    const journal = join(bundle.folder, 'second.ndjson');
    await using service = spawnService(bundle.file, { PORT: '0', JOURNAL: journal });
    const held = await startCompletion(await urlOf(service));
    const cutOff = expect(held.answer).rejects.toThrow('fetch failed');
    service.child.kill('SIGTERM');
    await service.event('draining');
    service.child.kill('SIGTERM');
    expect(await service.ended()).toEqual({ code: 143, stderr: '' });
    await cutOff;
    expect((await readJournal(journal)).map((line) => line.path)).toContain('/api/status');
  });
});

describe('a start that cannot be', () => {
  it('reports all wrong settings at once, without a stack trace and without the secret, exit 3', async () => {
    await using service = spawnService(bundle.file, {
      PORT: 'http',
      INSTANCE_ID: 'a b',
      CONTROL_PORT: '70000',
      CONTROL_TOKEN: 'not secret',
      SEED: '1.5',
      DRAIN_DEADLINE_MS: '-1',
    });
    const { code, stderr } = await service.ended();
    expect(code).toBe(3);
    const [summary, ...problems] = stderr.trimEnd().split('\n');
    expect(summary).toBe('6 wrong settings:');
    expect(problems).toEqual([
      '  PORT: received "http", expected an integer from 0 to 65535. Use 0 for any free port.',
      expect.stringMatching(/^ {2}INSTANCE_ID: received "a b", expected 1 to 64 letters/),
      expect.stringMatching(/^ {2}CONTROL_PORT: received "70000", expected an integer from 0 to 65535/),
      expect.stringMatching(/^ {2}CONTROL_TOKEN: received a value that is not shown, expected visible ASCII/),
      expect.stringMatching(/^ {2}DRAIN_DEADLINE_MS: received "-1", expected an integer from 0 to 3600000/),
      expect.stringMatching(/^ {2}SEED: received "1.5", expected an integer/),
    ]);
  });

  it.each([
    ['a control port without a token', { CONTROL_PORT: '8081' }, /CONTROL_TOKEN: received nothing/],
    [
      'one port for both listeners',
      { PORT: '8081', CONTROL_PORT: '8081', CONTROL_TOKEN: 't' },
      /CONTROL_PORT: received "8081", expected a port other than PORT/,
    ],
    ['a host that is not here', { PORT: '0', LISTEN_HOST: '192.0.2.1' }, /^LISTEN_HOST 192\.0\.2\.1 is not an address/],
  ])('refuses %s', async (_what, env, message) => {
    await using service = spawnService(bundle.file, env);
    const { code, stderr } = await service.ended();
    expect(code).toBe(3);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('says in one line that a port is taken', async () => {
    await using test = await startTestService();
    const port = String(test.service.port);
    await using service = spawnService(bundle.file, { PORT: port });
    expect(await service.ended()).toEqual({
      code: 3,
      stderr: `PORT ${port} on 127.0.0.1 is already in use: stop what listens there or choose another PORT\n`,
    });
  });
});
