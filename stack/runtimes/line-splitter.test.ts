import { expect, test } from 'vitest';
import { LineSplitter } from './line-splitter.js';

/** The lines that come of these chunks, and those that come only at the end. */
function split(...chunks: string[]): { lines: string[]; atEnd: string[] } {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  const whole = lines.length;
  splitter.end();
  return { lines: lines.slice(0, whole), atEnd: lines.slice(whole) };
}

test.each([
  { chunks: ['one\ntwo\n'], lines: ['one', 'two'], atEnd: [] },
  { chunks: ['o', 'ne\nt', 'wo', '\n'], lines: ['one', 'two'], atEnd: [] },
  { chunks: ['one\n', '\n', 'three\n'], lines: ['one', '', 'three'], atEnd: [] },
  { chunks: ['one\nrest'], lines: ['one'], atEnd: ['rest'] },
  { chunks: [], lines: [], atEnd: [] },
])('$chunks', ({ chunks, lines, atEnd }) => {
  expect(split(...chunks)).toEqual({ lines, atEnd });
});

test('hands the rest out once', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  splitter.push('rest');
  splitter.end();
  splitter.end();
  expect(lines).toEqual(['rest']);
});
