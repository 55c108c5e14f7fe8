import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HistoryStore } from './history-store.js';
import { HistoryFolder } from './testing/history-folder.js';
import type { FoundPage, Retention, Visit } from './visit.js';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const keepAll: Retention = { maxAgeDays: 3650, maxPages: 1_000_000 };

async function storeIn(folder: HistoryFolder, retention = keepAll): Promise<HistoryStore> {
  return new HistoryStore(await folder.open(), retention);
}

function visit(name: string, fields: Partial<Visit> = {}): Visit {
  return { url: `https://example.test/${name}`, title: name, visitedAt: NOW, ...fields };
}

function find(store: HistoryStore, text: string, { limit = 10, offset = 0 } = {}): FoundPage[] {
  return store.search({ text, words: 'all', limit, offset }, NOW);
}

function titles(pages: readonly { title: string }[]): string[] {
  return pages.map(({ title }) => title);
}

describe('recording', () => {
  it('counts visits of a page, and keeps its last title and time', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    store.record([[visit('a', { title: 'Old', visitedAt: NOW - 2000 })]], NOW);
    store.record([[visit('a', { title: 'New', visitedAt: NOW - 1000 })]], NOW);
    store.record([[visit('a', { title: 'Older still', visitedAt: NOW - 3000 })]], NOW);
    store.record([[visit('a', { title: undefined, visitedAt: NOW })]], NOW);
    expect(store.recent(10, 0)).toEqual([
      { url: 'https://example.test/a', title: 'New', visitCount: 4, lastVisitedAt: NOW },
    ]);
  });

  it('counts a visit that is sent twice once', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    const groups = [[visit('a'), visit('b')], [visit('a')]];
    expect(store.record(groups, NOW)).toEqual([
      { recorded: 2, duplicates: 0, expired: 0 },
      { recorded: 0, duplicates: 1, expired: 0 },
    ]);
    expect(store.record(groups, NOW).map(({ duplicates }) => duplicates)).toEqual([2, 1]);
    expect(store.recent(10, 0).map(({ visitCount }) => visitCount)).toEqual([1, 1]);
  });

  it('believes a sender that knows of more visits, however often it says so', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    for (let time = 0; time < 2; time++) store.record([[visit('a', { visitCount: 12 })]], NOW);
    expect(store.recent(1, 0)[0]?.visitCount).toBe(12);
    store.record([[visit('a', { visitedAt: NOW + 1, visitCount: 5 })]], NOW);
    expect(store.recent(1, 0)[0]?.visitCount).toBe(12);
  });

  it('stores all groups or none', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    const broken = { ...visit('b'), url: null as unknown as string };
    expect(() => store.record([[visit('a')], [broken]], NOW)).toThrow('NOT NULL');
    expect(store.countPages()).toBe(0);
  });

  it('leaves out what is older than what is kept', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder, { maxAgeDays: 30, maxPages: 100 });
    const visits = [visit('old', { visitedAt: NOW - 31 * DAY_MS }), visit('new', { visitedAt: NOW - 29 * DAY_MS })];
    expect(store.record([visits], NOW)).toEqual([{ recorded: 1, duplicates: 0, expired: 1 }]);
    expect(titles(store.recent(10, 0))).toEqual(['new']);
  });
});

describe('searching', () => {
  it('finds words of titles and addresses, whatever their case and accents, and beginnings of the last word', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    store.record([[visit('guides/routers', { title: 'Über den Verkehr' }), visit('other', { title: 'Nothing' })]], NOW);
    for (const text of ['uber', 'ÜBER verk', 'routers', 'guides rout', 'verkehr über']) {
      expect(titles(find(store, text)), text).toEqual(['Über den Verkehr']);
    }
    expect(find(store, 'uber nothing')).toEqual([]);
    expect(find(store, 'ub den')).toEqual([]);
  });

  it('marks what matched', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    store.record([[visit('circuit/circuit', { title: 'How a circuit breaker trips' })]], NOW);
    expect(find(store, 'circuit break')[0]?.snippet).toBe('How a **circuit** **breaker** trips');
    expect(find(store, 'example')[0]?.snippet).toBe('https://**example**.test/circuit/circuit');
  });

  it('finds a page under its last title alone', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    store.record([[visit('a', { title: 'before' })]], NOW);
    store.record([[visit('a', { title: 'after', visitedAt: NOW + 1 })]], NOW);
    expect(find(store, 'before')).toEqual([]);
    expect(titles(find(store, 'after'))).toEqual(['after']);
  });

  it('prefers pages that match better, were visited lately, and often', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    const noise = Array.from({ length: 20 }, (_, index) => visit(`n${index}`, { title: `noise ${index}` }));
    const old = NOW - 300 * DAY_MS;
    store.record(
      [
        [
          ...noise,
          visit('1', { title: 'retry policy seldom', visitedAt: old }),
          visit('2', { title: 'retry policy often', visitedAt: old, visitCount: 50 }),
          visit('3', { title: 'retry policy lately', visitedAt: NOW }),
          visit('4', { title: 'retry policy lately and often', visitedAt: NOW, visitCount: 50 }),
          visit('retry-policy', { title: 'only the address', visitedAt: old }),
        ],
      ],
      NOW,
    );
    expect(titles(find(store, 'retry policy'))).toEqual([
      'retry policy lately and often',
      'retry policy often',
      'retry policy lately',
      'retry policy seldom',
      'only the address',
    ]);
  });

  it('for context, takes pages with any of the words, best first', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    const noise = Array.from({ length: 20 }, (_, index) => visit(`n${index}`, { title: `the noise ${index}` }));
    store.record([[...noise, visit('a', { title: 'the breaker' }), visit('b', { title: 'a breaker trips' })]], NOW);
    const text = 'When does the breaker trips?';
    expect(titles(store.search({ text, words: 'any', limit: 2, offset: 0 }, NOW))).toEqual([
      'a breaker trips',
      'the breaker',
    ]);
  });

  it('pages through the results without gap or repetition', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    store.record([Array.from({ length: 25 }, (_, index) => visit(`p${index}`, { title: `page ${index}` }))], NOW);
    const seen = [0, 10, 20].flatMap((offset) => titles(find(store, 'page', { offset })));
    expect(new Set(seen).size).toBe(25);
    expect([0, 10, 20].flatMap((offset) => titles(store.recent(10, offset)))).toHaveLength(25);
  });
});

describe('forgetting', () => {
  it('forgets one page with its visits and its words', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    store.record([[visit('a'), visit('b')]], NOW);
    expect(store.forget({ url: 'https://example.test/a' }, 10)).toEqual({ pages: 1, visits: 0 });
    expect(store.forget({ url: 'https://example.test/a' }, 10)).toEqual({ pages: 0, visits: 0 });
    expect(find(store, 'a')).toEqual([]);
    expect(store.record([[visit('a')]], NOW)[0]?.recorded).toBe(1);
  });

  it('forgets by time, a part at a time', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder);
    const all = Array.from({ length: 10 }, (_, index) => visit(`p${index}`, { visitedAt: NOW + index }));
    store.record([[...all, visit('p9', { visitedAt: NOW + 1 })]], NOW);
    expect(store.forget({ visitedBefore: NOW + 8 }, 5)).toMatchObject({ pages: 5 });
    expect(store.forget({ visitedBefore: NOW + 8 }, 5)).toEqual({ pages: 3, visits: 0 });
    expect(titles(store.recent(10, 0))).toEqual(['p9', 'p8']);
  });

  it('keeps what is young enough and not too much, the rest expires', async () => {
    using folder = new HistoryFolder();
    const store = await storeIn(folder, { maxAgeDays: 30, maxPages: 5 });
    const visits = Array.from({ length: 12 }, (_, index) =>
      visit(`p${index}`, { visitedAt: NOW - index * 4 * DAY_MS }),
    );
    store.record([visits], NOW);
    expect(titles(store.recent(20, 0))).toHaveLength(8);
    while (store.expire(2, NOW));
    expect(titles(store.recent(20, 0))).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
    while (store.expire(2, NOW + 20 * DAY_MS));
    expect(titles(store.recent(20, 0))).toEqual(['p0', 'p1', 'p2']);
  });

  it('leaves no word of a forgotten page in the file', async () => {
    using folder = new HistoryFolder();
    const database = await folder.open();
    const store = new HistoryStore(database, keepAll);
    const pages = Array.from({ length: 200 }, (_, index) => visit(`page-${index}`, { title: `ordinary ${index}` }));
    store.record([[...pages, visit('private', { title: 'embarrassing secret' })]], NOW);
    database.pragma('wal_checkpoint(TRUNCATE)');
    expect(readFileSync(folder.file).includes('embarrassing')).toBe(true);
    store.forget({ url: 'https://example.test/private' }, 10);
    database.pragma('wal_checkpoint(TRUNCATE)');
    expect(readFileSync(folder.file).includes('embarrassing')).toBe(false);
    expect(readFileSync(`${folder.file}-wal`)).toHaveLength(0);
  });
});
