import { expect, test } from 'vitest';
import { goDuration } from './go-duration.js';

test.each([
  [0, '0s'],
  [1, '1ms'],
  [100, '100ms'],
  [1_500, '1500ms'],
  [3_000, '3s'],
  [10_000, '10s'],
  [60_000, '1m'],
  [90_000, '90s'],
  [3_600_000, '60m'],
])('%i ms is %s', (ms, text) => {
  expect(goDuration(ms)).toBe(text);
});
