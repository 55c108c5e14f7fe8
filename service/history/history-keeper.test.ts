import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HistoryKeeper } from './history-keeper.js';
import { HistoryFolder } from './testing/history-folder.js';

it('lets go of a lock that it holds as a fault when it is closed, and empties the write-ahead log', async () => {
  using folder = new HistoryFolder();
  const settings = { file: folder.file, addon: undefined, importFolder: undefined };
  const retention = { maxAgeDays: 90, maxPages: 100 };
  const keeper = await HistoryKeeper.open({ ...settings, retention }, () => undefined);
  await keeper.record([{ url: 'https://example.test/', title: 'kept', visitedAt: Date.now() }]);
  await keeper.holdLock(3_600_000);
  await keeper.close();
  expect(existsSync(`${folder.file}-wal`)).toBe(false);
  const other = await folder.open();
  other.exec('BEGIN IMMEDIATE');
  expect(other.prepare('SELECT title FROM pages').all()).toEqual([{ title: 'kept' }]);
});
