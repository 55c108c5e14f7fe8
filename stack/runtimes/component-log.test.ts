import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ComponentLog } from './component-log.js';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('keeps everything in the file and hands whole lines on', async () => {
  const file = join(folder, 'whole.log');
  const lines: string[] = [];
  const log = new ComponentLog(file, (line) => lines.push(line));
  log.write(Buffer.from('one\ntw'));
  log.write('o\nrest');
  expect(lines).toEqual(['one', 'two']);
  await log.close();
  expect(lines).toEqual(['one', 'two', 'rest']);
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\nrest');
});

test('has the last 15 lines at hand', async () => {
  const log = new ComponentLog(join(folder, 'tail.log'));
  log.write(Array.from({ length: 40 }, (_, index) => `line ${index + 1}\n`).join(''));
  const tail = log.tail().split('\n');
  await log.close();
  expect(tail).toHaveLength(15);
  expect([tail[0], tail.at(-1)]).toEqual(['line 26', 'line 40']);
});

test('goes on after what is in the file already', async () => {
  const file = join(folder, 'again.log');
  writeFileSync(file, 'before\n');
  const log = new ComponentLog(file);
  log.write('after\n');
  await log.close();
  expect(readFileSync(file, 'utf8')).toBe('before\nafter\n');
});

test('a letter that comes in two chunks stays whole', async () => {
  const log = new ComponentLog(join(folder, 'letter.log'));
  const bytes = Buffer.from('ungültig\n');
  log.write(bytes.subarray(0, 4));
  log.write(bytes.subarray(4));
  const tail = log.tail();
  await log.close();
  expect(tail).toBe('ungültig');
});
