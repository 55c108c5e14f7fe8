import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { type Lines, readLines } from './read-lines.js';

const row = z.object({ number: z.number() });

/** Numbers above 0 in a file with this content. */
async function numbersIn(name: string, content: string | Buffer): Promise<Lines<number>> {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, name), content);
  return await readLines(join(folder.path, name), 'the list', row, ({ number }) => (number > 0 ? number : undefined));
}

test.each([
  { name: 'list.ndjson', content: '{"number":1}\n{"number":0}\n\n{"number":2}\n' },
  { name: 'list.ndjson.gz', content: gzipSync('{"number":1}\n{"number":0}\n{"number":2}') },
])('reads $name and leaves out what is of no interest', async ({ name, content }) => {
  expect(await numbersIn(name, content)).toEqual({ rows: [1, 2], gaps: [] });
});

test('an empty file is whole', async () => {
  expect(await numbersIn('list.ndjson', '')).toEqual({ rows: [], gaps: [] });
});

test('counts malformed lines and names the first one', async () => {
  expect(await numbersIn('list.ndjson', '{"number":1}\n{"number":"2"}\n{"number":3}\n{"num')).toEqual({
    rows: [1, 3],
    gaps: ['the list has 2 malformed lines, the first is line 2'],
  });
});

test('a file that is no gzip is a gap', async () => {
  expect(await numbersIn('list.ndjson.gz', '{"number":1}\n')).toEqual({
    rows: [],
    gaps: [expect.stringMatching(/^the list cannot be read: /)],
  });
});

test('a folder in the place of the file is a gap', async () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, 'list.ndjson'));
  const { rows, gaps } = await readLines(join(folder.path, 'list.ndjson'), 'the list', row, (each) => each);
  expect(rows).toEqual([]);
  expect(gaps).toEqual([expect.stringMatching(/^the list cannot be read: EISDIR/)]);
});

test('a missing file is a gap', async () => {
  expect(await readLines('/does/not/exist.ndjson', 'the list', row, (each) => each)).toEqual({
    rows: [],
    gaps: ['the list is missing'],
  });
});
