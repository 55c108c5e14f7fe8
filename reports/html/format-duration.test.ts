import { expect, test } from 'vitest';
import { formatDuration } from './format-duration.js';

test.each([
  [0, '0 ms'],
  [840.4, '840 ms'],
  [12_400, '12.4 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 0 s'],
  [127_840, '2 min 8 s'],
  [3_599_600, '1 h 0 min'],
  [3_780_000, '1 h 3 min'],
])('%d ms is %s', (durationMs, expected) => {
  expect(formatDuration(durationMs)).toBe(expected);
});
