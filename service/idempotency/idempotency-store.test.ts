import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
