import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTestService } from '../testing/start-test-service.js';

it('a key holds across instances that share a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'idempotency-'));
  try {
    await using first = await startTestService({ IDEMPOTENCY_FOLDER: folder, INSTANCE_ID: 'llm-1' });
    await using second = await startTestService({ IDEMPOTENCY_FOLDER: folder, INSTANCE_ID: 'llm-2' });
    const keyed = { headers: { 'Idempotency-Key': 'key' } };
    const answer = await (await first.complete({}, keyed)).json();
    const replayed = await second.complete({}, keyed);
    expect(replayed.headers.get('x-llm-instance')).toBe('llm-2');
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    expect(await replayed.json()).toEqual(answer);
  } finally {
    await rm(folder, { recursive: true });
  }
});
