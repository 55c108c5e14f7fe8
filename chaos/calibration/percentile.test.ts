import { expect, test } from 'vitest';
import { percentile } from './percentile.js';

test.each([
  [[], 0.5, null],
  [[7], 0.99, 7],
  [[3, 1, 2, 4], 0.5, 2],
  [[10, 9, 100], 0.99, 100],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.99, 99],
  [[5, 4], 0, 4],
  [[5, 4], 1, 5],
])('percentile of %j at %d is %j', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected);
});
