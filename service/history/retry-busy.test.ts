import { expect, it } from 'vitest';
import { loadSqlite } from './open-database.js';
import { retryBusy } from './retry-busy.js';
import { HistoryFolder } from './testing/history-folder.js';

it('tries again until another connection lets go of the lock', async () => {
  using folder = new HistoryFolder();
  const [one, other] = [await folder.open(), await folder.open()];
  one.exec('BEGIN IMMEDIATE');
  let tries = 0;
  const written = retryBusy(() => {
    tries += 1;
    other.exec('BEGIN IMMEDIATE; COMMIT');
    return 'written';
  }, 20_000);
  await expect.poll(() => tries).toBeGreaterThan(2);
  one.exec('COMMIT');
  expect(await written).toBe('written');
});

it('gives up when its patience is over', async () => {
  using folder = new HistoryFolder();
  const [one, other] = [await folder.open(), await folder.open()];
  one.exec('BEGIN IMMEDIATE');
  await expect(retryBusy(() => other.exec('BEGIN IMMEDIATE'), 30)).rejects.toMatchObject({
    name: 'HistoryError',
    code: 'busy',
  });
});

it('passes on every other error at once', async () => {
  const database = (await loadSqlite(undefined))(':memory:');
  await expect(retryBusy(() => database.exec('SELECT nothing'), 20_000)).rejects.toMatchObject({
    code: 'SQLITE_ERROR',
  });
  database.close();
});
