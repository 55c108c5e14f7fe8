import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSqlite } from './open-database.js';
import { openBrowserHistory } from './read-browser-history.js';
import { chromiumHistory, firefoxHistory } from './testing/browser-databases.js';
import { HistoryFolder } from './testing/history-folder.js';
import type { Visit } from './visit.js';

const TIME = Date.UTC(2026, 10, 23, 9, 30, 0, 125);

async function readAll(file: string, most = 100): Promise<{ browser: string; visits: Visit[]; skipped: number }> {
  using history = await openBrowserHistory(await loadSqlite(undefined), file);
  const visits: Visit[] = [];
  let skipped = 0;
  for (let part = history.next(most); part !== undefined; part = history.next(most)) {
    visits.push(...part.visits);
    skipped += part.skipped;
  }
  return { browser: history.browser, visits, skipped };
}

const pages = [
  { url: 'https://doc.traefik.io/traefik/', title: 'Traefik', count: 3, visits: [TIME, TIME + 1, TIME + 2] },
  { url: 'https://user:secret@example.test/a?b=c#d', title: null, count: 1, visits: [TIME + 3] },
];
const notKept = [
  { url: 'chrome://settings/', title: 'Settings', count: 1, visits: [TIME] },
  { url: 'file:///home/me/tax.pdf', title: 'tax', count: 1, visits: [TIME] },
  { url: 'not an address', title: '', count: 1, visits: [TIME] },
  { url: `https://example.test/${'x'.repeat(3000)}`, title: 'long', count: 1, visits: [TIME] },
  { url: 'https://example.test/hidden', title: 'frame', count: 1, hidden: true, visits: [TIME] },
  { url: 'https://example.test/never', title: 'no time', count: 1, visits: [0] },
  { url: 'https://example.test/later', title: 'the year 2400', count: 1, visits: [Date.UTC(2400, 0)] },
];

describe.each([
  ['chromium', chromiumHistory],
  ['firefox', firefoxHistory],
] as const)('a copy of a %s history', (browser, make) => {
  it('gives its visits with times of this epoch, without what is not of the web, hidden or without a time', async () => {
    using folder = new HistoryFolder();
    const file = await folder.foreign('copy', make([...pages, ...notKept]));
    const read = await readAll(file);
    expect(read).toEqual({
      browser,
      skipped: 7,
      visits: [
        { url: 'https://doc.traefik.io/traefik/', title: 'Traefik', visitedAt: TIME, visitCount: 3 },
        { url: 'https://doc.traefik.io/traefik/', title: 'Traefik', visitedAt: TIME + 1, visitCount: 3 },
        { url: 'https://doc.traefik.io/traefik/', title: 'Traefik', visitedAt: TIME + 2, visitCount: 3 },
        { url: 'https://example.test/a?b=c#d', title: undefined, visitedAt: TIME + 3, visitCount: 1 },
      ],
    });
    expect(await readAll(file, 2)).toEqual(read);
  });

  it('is read although its write-ahead log was left behind', async () => {
    using folder = new HistoryFolder();
    const file = await folder.foreign('copy', `PRAGMA journal_mode = WAL; ${make(pages)}`);
    expect((await readAll(file)).visits).toHaveLength(4);
  });
});

describe('refused', () => {
  const open = async (file: string) => openBrowserHistory(await loadSqlite(undefined), file);

  it('a file that is not there', async () => {
    using folder = new HistoryFolder();
    await expect(open(join(folder.path, 'none'))).rejects.toMatchObject({ code: 'import_not_found' });
  });

  it.each([
    ['an empty file', ''],
    ['a text', 'history,of,pages\n'.repeat(1000)],
  ])('%s', async (_what, content) => {
    using folder = new HistoryFolder();
    const file = join(folder.path, 'file');
    writeFileSync(file, content);
    await expect(open(file)).rejects.toMatchObject({ code: 'import_refused', message: /not an SQLite database/ });
  });

  it.each([
    ['a database of something else', 'CREATE TABLE notes (text)', /neither Chromium's History .* nor Firefox's/],
    ['views under the names of tables', 'CREATE VIEW urls AS SELECT 1; CREATE VIEW visits AS SELECT 1', /neither/],
    ['tables with other columns', 'CREATE TABLE urls (id); CREATE TABLE visits (id)', /no such column/],
  ])('%s', async (_what, sql, message) => {
    using folder = new HistoryFolder();
    const file = await folder.foreign('file', sql);
    await expect(open(file)).rejects.toMatchObject({ code: 'import_refused', message: expect.stringMatching(message) });
  });

  it('a file that was cut off', async () => {
    using folder = new HistoryFolder();
    const many = Array.from({ length: 2000 }, (_, index) => ({ ...pages[0], url: `https://example.test/${index}` }));
    const file = await folder.foreign('file', chromiumHistory(many as typeof pages));
    const { readFileSync } = await import('node:fs');
    writeFileSync(file, readFileSync(file).subarray(0, 30_000));
    await expect(readAll(file)).rejects.toMatchObject({
      code: 'import_refused',
      message: expect.stringMatching(/damaged/),
    });
  });
});
