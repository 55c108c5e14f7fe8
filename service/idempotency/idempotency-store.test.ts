import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestService } from '../testing/start-test-service.js';
import { FolderStore } from './folder-store.js';
import type { Claim, IdempotencyStore } from './idempotency-store.js';
import { MemoryStore } from './memory-store.js';

const ANSWER = { contentType: 'application/json', body: '{"a":1}' };

let folder: string;
const opened: IdempotencyStore[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idempotency-'));
});

afterEach(async () => {
  for (const store of opened.splice(0)) store.close();
  await rm(folder, { recursive: true });
});

function open<T extends IdempotencyStore>(store: T): T {
  opened.push(store);
  return store;
}

function mine(claim: Claim): Exclude<Claim, { answer: unknown }> {
  if ('answer' in claim) throw new Error('the key was not free');
  return claim;
}

describe.each([
  ['memory', () => new MemoryStore(60_000)],
  ['folder', () => new FolderStore(folder, 60_000)],
])('a store in %s', (_name, make) => {
  it('gives a key to one request, and its answer to those who ask later', async () => {
    const store = open(make());
    const claim = mine(await store.claim('key', 'print'));
    await expect(store.claim('key', 'print')).rejects.toMatchObject({ status: 409 });
    await claim.keep(ANSWER);
    expect(await store.claim('key', 'print')).toEqual({ answer: ANSWER });
    expect(await store.claim('other key', 'print')).not.toHaveProperty('answer');
  });

  it('refuses a key that was used for another request', async () => {
    const store = open(make());
    await mine(await store.claim('key', 'print')).keep(ANSWER);
    await expect(store.claim('key', 'other print')).rejects.toMatchObject({ status: 422 });
  });

  it('gives a key again that was let go', async () => {
    const store = open(make());
    await mine(await store.claim('key', 'print')).release();
    mine(await store.claim('key', 'other print'));
  });

  it('keeps an answer whose claim is let go afterwards', async () => {
    const store = open(make());
    const claim = mine(await store.claim('key', 'print'));
    await claim.keep(ANSWER);
    await claim.release();
    expect(await store.claim('key', 'print')).toEqual({ answer: ANSWER });
  });
});

describe('a store in memory', () => {
  it('forgets an answer after its time', async () => {
    const store = open(new MemoryStore(20));
    await mine(await store.claim('key', 'print')).keep(ANSWER);
    await expect.poll(async () => 'answer' in (await store.claim('key', 'print'))).toBe(false);
  });

  it('forgets the oldest answers beyond ten thousand, and none of a request that runs', async () => {
    const store = open(new MemoryStore(60_000));
    const keep = async (key: string): Promise<void> => mine(await store.claim(key, 'print')).keep(ANSWER);
    for (let key = 0; key <= 10_000; key += 1) await keep(`${key}`);
    mine(await store.claim('runs', 'print'));
    expect(await store.claim('2', 'print')).toHaveProperty('answer');
    mine(await store.claim('0', 'print'));
    await expect(store.claim('runs', 'print')).rejects.toMatchObject({ status: 409 });
  });
});

describe('a store in a folder', () => {
  const LONG_AGO = new Date(0);

  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows that its requests still run, so that nobody takes over their claims', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const store = open(new FolderStore(folder, 60_000));
    mine(await store.claim('key', 'print'));
    const [file = ''] = await readdir(folder);
    await utimes(join(folder, file), LONG_AGO, LONG_AGO);
    vi.advanceTimersByTime(2_000);
    await expect.poll(async () => (await stat(join(folder, file))).mtimeMs).toBeGreaterThan(0);
    const other = open(new FolderStore(folder, 60_000));
    await expect(other.claim('key', 'print')).rejects.toMatchObject({ status: 409 });
  });

  it('removes answers after their time, and no claim of a request that runs', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const store = open(new FolderStore(folder, 60_000));
    mine(await store.claim('runs', 'print'));
    const [running = ''] = await readdir(folder);
    await mine(await store.claim('old', 'print')).keep(ANSWER);
    for (const file of await readdir(folder)) await utimes(join(folder, file), LONG_AGO, LONG_AGO);
    vi.advanceTimersByTime(60_000);
    await expect.poll(() => readdir(folder)).toEqual([running]);
  });

  it('takes a claim that is half written for one of a request that runs', async () => {
    const store = open(new FolderStore(folder, 60_000));
    mine(await store.claim('key', 'print'));
    const [file = ''] = await readdir(folder);
    for (const text of ['', '{"finger']) {
      await writeFile(join(folder, file), text);
      await expect(store.claim('key', 'print')).rejects.toMatchObject({ status: 409 });
    }
  });
});

it.each([
  ['is not there', 'nowhere', /IDEMPOTENCY_FOLDER .*nowhere cannot be written: ENOENT/],
  ['is a file', 'file', /IDEMPOTENCY_FOLDER .*file is not a folder/],
])('a service whose folder %s does not start', async (_what, name, message) => {
  await writeFile(join(folder, 'file'), '');
  await expect(startTestService({ IDEMPOTENCY_FOLDER: join(folder, name) })).rejects.toThrow(message);
});

it('a folder gives each key to one of many instances that ask at the same time', async () => {
  const stores = Array.from({ length: 8 }, () => open(new FolderStore(folder, 60_000)));
  for (const key of ['a', 'b', 'c', 'd']) {
    const claims = await Promise.allSettled(stores.map((store) => store.claim(key, 'print')));
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }
});

it('a folder gives the claim of an instance that is gone to exactly one of those who ask', async () => {
  const gone = open(new FolderStore(folder, 60_000));
  await gone.claim('key', 'print');
  gone.close();
  const stores = Array.from({ length: 8 }, () => open(new FolderStore(folder, 60_000)));
  await expect(stores[0]?.claim('key', 'print')).rejects.toMatchObject({ status: 409 });
  const [claimFile = ''] = await readdir(folder);
  await utimes(join(folder, claimFile), new Date(0), new Date(0));
  const claims = await Promise.allSettled(stores.map((store) => store.claim('key', 'print')));
  expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
