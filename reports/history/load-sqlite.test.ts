import { expect, test } from 'vitest';
import { loadSqlite } from './load-sqlite.js';

test('a native part that does not load is told with the remedy', async () => {
  const cause = new Error('Could not locate the bindings file.');
  await expect(loadSqlite(() => Promise.reject(cause))).rejects.toMatchObject({
    name: 'GauntletError',
    hint: 'npm rebuild better-sqlite3',
    exitCode: 4,
    cause,
  });
});
