import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleService } from '../testing/bundle-service.js';
import { spawnService } from '../testing/spawn-service.js';
import { chromiumHistory, firefoxHistory } from './testing/browser-databases.js';
import { HistoryFolder } from './testing/history-folder.js';
import { addon, HistoryInstance } from './testing/history-instance.js';

let bundle: { folder: string; file: string };

beforeAll(async () => {
  bundle = await bundleService();
});

afterAll(async () => {
  await rm(bundle.folder, { recursive: true });
});

/** What SQLite says about the file, and the addresses in it. */
async function examine(folder: HistoryFolder): Promise<{ integrity: unknown; index: unknown; urls: Set<unknown> }> {
  const database = await folder.open();
  const integrity = database.pragma('integrity_check', { simple: true });
  const index = database.exec("INSERT INTO page_index (page_index, rank) VALUES ('integrity-check', 1)") && 'ok';
  return { integrity, index, urls: new Set(database.prepare('SELECT url FROM pages').pluck().all()) };
}

function expectAllIn(urls: Set<unknown>, acknowledged: readonly string[]): void {
  expect(acknowledged.filter((url) => !urls.has(url))).toEqual([]);
}

describe('one instance', () => {
  it('records, finds, lists and forgets', async () => {
    using folder = new HistoryFolder();
    await using instance = await HistoryInstance.start(bundle.file, folder.file);
    const visits = [
      { url: 'https://doc.traefik.io/retry', title: 'Retry middleware', visitedAt: Date.now() - 2000 },
      { url: 'https://doc.traefik.io/limit', title: 'Rate limit middleware', visitedAt: Date.now() - 1000 },
    ];
    expect((await instance.send('POST', { visits })).json).toEqual({ recorded: 2, duplicates: 0, expired: 0 });
    expect((await instance.send('POST', visits[0])).json).toEqual({ recorded: 0, duplicates: 1, expired: 0 });
    const status = (await instance.send('GET', undefined, '/status')).json;
    expect(status).toEqual({ pages: 2, walBytes: expect.any(Number), waitingVisits: 0 });

    const listed = (await instance.send('GET', undefined, '?limit=1')).json;
    const limit = {
      url: visits[1]?.url,
      title: 'Rate limit middleware',
      visitCount: 1,
      lastVisitedAt: expect.any(String),
    };
    expect(listed).toEqual({ pages: [limit], nextOffset: 1 });
    const found = (await instance.send('GET', undefined, '?q=rate')).json;
    const hit = { ...limit, snippet: '**Rate** limit middleware', score: expect.any(Number) };
    expect(found).toEqual({ pages: [hit], nextOffset: null });

    const url = encodeURIComponent('https://doc.traefik.io/retry');
    expect((await instance.send('DELETE', undefined, `?url=${url}`)).json).toEqual({ forgotten: 1 });
    expect((await instance.send('DELETE', undefined, '?all=true')).json).toEqual({ forgotten: 1 });
    expect((await instance.send('GET')).json).toEqual({ pages: [], nextOffset: null });
  });

  it('refuses what it cannot read, in OpenAI error shape', async () => {
    using folder = new HistoryFolder();
    await using instance = await HistoryInstance.start(bundle.file, folder.file);
    const refused = await Promise.all([
      instance.send('POST', { url: 'ftp://example.test/' }),
      instance.send('GET', undefined, '?limit=1000'),
      instance.send('DELETE'),
    ]);
    for (const { status, json } of refused) {
      expect(status).toBe(400);
      expect(json).toMatchObject({ error: { type: 'invalid_request_error', code: 'invalid_value' } });
    }
    const large = await instance.send('POST', { title: 'x'.repeat(300_000) });
    expect(large).toMatchObject({ status: 413, json: { error: { code: 'request_too_large' } } });
  });

  it('keeps its history when it is stopped and started again', async () => {
    using folder = new HistoryFolder();
    const instance = await HistoryInstance.start(bundle.file, folder.file);
    await instance.send('POST', { url: 'https://example.test/', title: 'kept' });
    instance.service.child.kill('SIGTERM');
    expect(await instance.service.ended()).toEqual({ code: 0, stderr: '' });
    expect(existsSync(`${folder.file}-wal`)).toBe(false);
    await using again = await HistoryInstance.start(bundle.file, folder.file);
    expect((await again.send('GET', undefined, '?q=kept')).json).toMatchObject({ pages: [{ title: 'kept' }] });
  });

  it('forgets what is too old or too much by itself', async () => {
    using folder = new HistoryFolder();
    const first = await HistoryInstance.start(bundle.file, folder.file, { HISTORY_MAX_AGE_DAYS: '3650' });
    const daysAgo = (days: number) => ({
      url: `https://example.test/${days}`,
      visitedAt: Date.now() - days * 86_400_000,
    });
    await first.send('POST', { visits: [1, 2, 3, 40].map(daysAgo) });
    await first[Symbol.asyncDispose]();
    await using second = await HistoryInstance.start(bundle.file, folder.file, {
      HISTORY_MAX_AGE_DAYS: '30',
      HISTORY_MAX_PAGES: '2',
    });
    const urls = async () =>
      ((await second.send('GET')).json as { pages: { url: string }[] }).pages.map(({ url }) => url);
    await expect.poll(urls).toEqual(['https://example.test/1', 'https://example.test/2']);
  });
});

describe('an import', () => {
  const pages = [
    { url: 'https://example.test/', title: 'imported', count: 2, visits: [Date.now() - 2, Date.now() - 1] },
  ];

  it('takes copies of both kinds of browsers from the import folder, and counts nothing twice', async () => {
    using folder = new HistoryFolder();
    await folder.foreign('History', chromiumHistory(pages));
    await folder.foreign('places.sqlite', firefoxHistory(pages));
    await using instance = await HistoryInstance.start(bundle.file, folder.file, { HISTORY_IMPORT_DIR: folder.path });
    const imported = async (file: string) => (await instance.send('POST', { file }, '/import')).json;
    const counts = { expired: 0, skipped: 0 };
    expect(await imported('History')).toEqual({ browser: 'chromium', recorded: 2, duplicates: 0, ...counts });
    expect(await imported('places.sqlite')).toEqual({ browser: 'firefox', recorded: 0, duplicates: 2, ...counts });
    expect((await instance.send('GET', undefined, '?q=imported')).json).toMatchObject({ pages: [{ visitCount: 2 }] });
  });

  it('reads nothing outside the import folder, nor what is no history', async () => {
    using folder = new HistoryFolder();
    const imports = join(folder.path, 'imports');
    mkdirSync(join(imports, 'folder'), { recursive: true });
    symlinkSync(await folder.foreign('outside', chromiumHistory(pages)), join(imports, 'link'));
    writeFileSync(join(imports, 'text'), 'no database');
    await using instance = await HistoryInstance.start(bundle.file, folder.file, { HISTORY_IMPORT_DIR: imports });
    const answer = async (file: string) => {
      const { status, json } = await instance.send('POST', { file }, '/import');
      return [status, (json as { error: { code: string } }).error.code];
    };
    expect(await answer('../outside')).toEqual([400, 'invalid_value']);
    for (const file of ['link', 'folder', 'none']) {
      expect(await answer(file), file).toEqual([404, 'history_import_not_found']);
    }
    expect(await answer('text')).toEqual([422, 'history_import_refused']);
    expect((await instance.send('GET')).json).toEqual({ pages: [], nextOffset: null });
  });

  it('is refused where no import folder is set', async () => {
    using folder = new HistoryFolder();
    await using instance = await HistoryInstance.start(bundle.file, folder.file);
    const { status, json } = await instance.send('POST', { file: 'History' }, '/import');
    expect([status, json]).toMatchObject([403, { error: { code: 'import_disabled' } }]);
  });
});

describe('while another process holds the write lock', () => {
  it('searches and answers, and refuses writes in time with Retry-After; nothing refused is stored', async () => {
    using folder = new HistoryFolder();
    await using instance = await HistoryInstance.start(bundle.file, folder.file);
    await instance.send('POST', { url: 'https://example.test/before', title: 'before' });
    const other = await folder.open();
    other.exec('BEGIN IMMEDIATE');
    const batch = (name: string) => ({
      visits: Array.from({ length: 500 }, (_, index) => ({ url: `https://example.test/${name}/${index}` })),
    });
    const waiting = ['a', 'b', 'c', 'd'].map((name) => instance.send('POST', batch(name)));
    let answered = 0;
    for (const each of waiting) void each.then(() => answered++);
    const beyond = async () => (await instance.send('POST', { url: 'https://example.test/beyond' })).json;
    await expect.poll(beyond).toMatchObject({ error: { code: 'history_overloaded' } });
    expect((await instance.send('GET', undefined, '?q=before')).status).toBe(200);
    expect(answered, 'the search did not wait for the writes').toBe(0);

    const forgetting = Array.from({ length: 250 }, () => instance.send('DELETE', undefined, '?all=true'));
    const refusals = await Promise.all(forgetting);
    const codes = new Set(refusals.map(({ json }) => (json as { error: { code: string } }).error.code));
    expect([...codes].toSorted()).toEqual(['history_busy', 'history_overloaded']);

    for (const { status, headers, json } of await Promise.all(waiting)) {
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('1');
      expect(json).toMatchObject({ error: { type: 'server_error', code: 'history_busy' } });
    }
    other.exec('COMMIT');
    const found = (await instance.send('GET')).json as { pages: unknown[] };
    expect(found.pages).toHaveLength(1);
    expect((await instance.send('POST', { url: 'https://example.test/after' })).status).toBe(200);
  });
});

it('what is forgotten leaves the write-ahead log as soon as no reader keeps it', async () => {
  using folder = new HistoryFolder();
  await using instance = await HistoryInstance.start(bundle.file, folder.file);
  await instance.send('POST', { url: 'https://example.test/', title: 'embarrassing' });
  const reader = await folder.open();
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM pages').get();
  expect((await instance.send('DELETE', undefined, '?all=true')).json).toEqual({ forgotten: 1 });
  const log = () => readFileSync(`${folder.file}-wal`);
  expect(log().includes('embarrassing')).toBe(true);
  reader.exec('COMMIT');
  await expect.poll(() => log().length).toBe(0);
});

it('the write-ahead log that grew while a reader kept it is emptied after it', async () => {
  using folder = new HistoryFolder();
  await using instance = await HistoryInstance.start(bundle.file, folder.file);
  const reader = await folder.open();
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM pages').get();
  const logMiB = () => statSync(`${folder.file}-wal`).size / 2 ** 20;
  for (let batch = 0; logMiB() <= 17; batch++) {
    const visits = Array.from({ length: 60 }, (_, index) => ({
      url: `https://example.test/${batch}/${index}/${'path/'.repeat(380)}`,
      title: `page ${index} `.repeat(100).slice(0, 1000),
    }));
    expect((await instance.send('POST', { visits })).status).toBe(200);
  }
  reader.exec('COMMIT');
  await expect.poll(logMiB, { timeout: 20_000 }).toBe(0);
});

describe('three instances that share a file', () => {
  const load = { size: 40, atOnce: 4, most: 25 };

  it('all write at once, and every visit that was acknowledged is there', async () => {
    using folder = new HistoryFolder();
    await using one = await HistoryInstance.start(bundle.file, folder.file);
    await using two = await HistoryInstance.start(bundle.file, folder.file);
    await using three = await HistoryInstance.start(bundle.file, folder.file);
    const written = await Promise.all(
      [one, two, three].map((instance, index) => instance.write({ name: `instance-${index}`, ...load })),
    );
    expect(written.map(({ acknowledged, refused }) => [acknowledged.length, refused])).toEqual(
      Array.from({ length: 3 }, () => [load.size * load.most, []]),
    );
    const { integrity, index, urls } = await examine(folder);
    expect([integrity, index]).toEqual(['ok', 'ok']);
    expectAllIn(
      urls,
      written.flatMap(({ acknowledged }) => acknowledged),
    );
    expect((await one.send('GET', undefined, '?q=instance-2&limit=1')).json).toMatchObject({ nextOffset: 1 });
  });

  it('one is killed while all write: the file is whole, and the others go on', async () => {
    using folder = new HistoryFolder();
    await using one = await HistoryInstance.start(bundle.file, folder.file);
    await using two = await HistoryInstance.start(bundle.file, folder.file);
    await using three = await HistoryInstance.start(bundle.file, folder.file);
    let killed = false;
    const victim = one.write({ name: 'victim', ...load, most: 100_000 });
    const others = [two, three].map((instance, index) =>
      instance.write({ name: `other-${index}`, ...load, most: 100_000, until: () => killed }),
    );
    const count = async () =>
      Number(((await two.send('GET', undefined, '?q=victim&offset=99')).json as { pages: [] }).pages.length);
    await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(0);
    one.service.child.kill('SIGKILL');
    const lost = await victim;
    const after = await Promise.all(
      [two, three].map((each, index) => each.write({ name: `after-${index}`, ...load, most: 5 })),
    );
    killed = true;
    const kept = await Promise.all(others);
    const { integrity, index, urls } = await examine(folder);
    expect([integrity, index]).toEqual(['ok', 'ok']);
    expect(lost.acknowledged.length).toBeGreaterThan(0);
    expect(after.map(({ acknowledged }) => acknowledged.length)).toEqual([200, 200]);
    expectAllIn(
      urls,
      [lost, ...kept, ...after].flatMap(({ acknowledged }) => acknowledged),
    );
  });

  it('all are killed while they write: the next one finds all that was acknowledged', async () => {
    using folder = new HistoryFolder();
    const instances = await Promise.all([1, 2, 3].map(() => HistoryInstance.start(bundle.file, folder.file)));
    const writing = instances.map((each, index) => each.write({ name: `n${index}`, ...load, most: 100_000 }));
    const [first] = instances as [HistoryInstance];
    const count = async () => ((await first.send('GET', undefined, '?offset=900')).json as { pages: [] }).pages.length;
    await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(0);
    await Promise.all(instances.map((each) => each[Symbol.asyncDispose]()));
    const written = await Promise.all(writing);
    await using next = await HistoryInstance.start(bundle.file, folder.file);
    expect((await next.send('POST', { url: 'https://example.test/next' })).status).toBe(200);
    const { integrity, index, urls } = await examine(folder);
    expect([integrity, index]).toEqual(['ok', 'ok']);
    expectAllIn(
      urls,
      written.flatMap(({ acknowledged }) => acknowledged),
    );
  });

  it('one is stopped while all write: it answers what it took, and exits with 0', async () => {
    using folder = new HistoryFolder();
    await using one = await HistoryInstance.start(bundle.file, folder.file);
    await using two = await HistoryInstance.start(bundle.file, folder.file);
    let stopped = false;
    const writing = [one, two].map((each, index) =>
      each.write({ name: `n${index}`, ...load, most: 100_000, until: () => stopped }),
    );
    const count = async () =>
      ((await two.send('GET', undefined, '?q=n0&offset=99')).json as { pages: [] }).pages.length;
    await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(0);
    one.service.child.kill('SIGTERM');
    expect(await one.service.ended()).toEqual({ code: 0, stderr: '' });
    stopped = true;
    const written = await Promise.all(writing);
    const { integrity, urls } = await examine(folder);
    expect(integrity).toBe('ok');
    expect(written.flatMap(({ refused }) => refused)).toEqual([]);
    expectAllIn(
      urls,
      written.flatMap(({ acknowledged }) => acknowledged),
    );
  });
});

describe('a start that cannot be', () => {
  it.each([
    [
      'the native part is not where it should be',
      () => ({ HISTORY_ADDON: '/nowhere/better_sqlite3.node' }),
      /\/nowhere\/better_sqlite3\.node does not exist\. Run npm rebuild/,
    ],
    [
      'there is no native part',
      () => ({ HISTORY_ADDON: '' }),
      /no better-sqlite3 was found\. Run npm rebuild better-sqlite3, or set HISTORY_ADDON/,
    ],
    [
      'the native part is none',
      (folder: HistoryFolder) => {
        const file = join(folder.path, 'better_sqlite3.node');
        writeFileSync(file, 'not one');
        return { HISTORY_ADDON: file };
      },
      /^HISTORY_ADDON .* does not load: /,
    ],
    [
      'the folder is not there',
      (folder: HistoryFolder) => ({ HISTORY_DB: join(folder.path, 'none/history.sqlite') }),
      /^HISTORY_DB .* cannot be opened: ENOENT/,
    ],
    [
      'the file is no database',
      (folder: HistoryFolder) => {
        writeFileSync(folder.file, 'a text that is long enough to be looked at. '.repeat(100));
        return {};
      },
      /^HISTORY_DB .* cannot be opened: file is not a database/,
    ],
    [
      'the limits are wrong',
      () => ({ HISTORY_MAX_AGE_DAYS: '0', HISTORY_MAX_PAGES: 'many' }),
      /^2 wrong settings:\n {2}HISTORY_MAX_AGE_DAYS: .*\n {2}HISTORY_MAX_PAGES: /,
    ],
  ] as const)('%s', async (_what, env, message) => {
    using folder = new HistoryFolder();
    const settings = { PORT: '0', HISTORY_DB: folder.file, HISTORY_ADDON: addon, ...env(folder) };
    await using service = spawnService(bundle.file, settings);
    const { code, stderr } = await service.ended();
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(3);
  });

  it('the file is a database of another program, which is left as it was', async () => {
    using folder = new HistoryFolder();
    const file = await folder.foreign('History', 'CREATE TABLE urls (id)');
    await using service = spawnService(bundle.file, { PORT: '0', HISTORY_DB: file, HISTORY_ADDON: addon });
    expect(await service.ended()).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/is a database of another program/),
    });
  });
});

it('without HISTORY_DB there is no history, and better-sqlite3 is not needed', async () => {
  await using service = spawnService(bundle.file, { PORT: '0', HISTORY_ADDON: '/nowhere' });
  const { port } = await service.event('listening');
  expect((await fetch(`http://127.0.0.1:${port}/api/history`)).status).toBe(404);
});
