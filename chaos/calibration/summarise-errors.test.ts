import { expect, test } from 'vitest';
import { summariseErrors } from './summarise-errors.js';

test('the bias keeps its sign, the spread does not', () => {
  expect(summariseErrors([-3, 1, 0.5, 0.25, -0.5])).toEqual({ count: 5, biasMs: 0.25, p99Ms: 3, worstMs: 3 });
});

test('99 % of many values leave the worst one out', () => {
  const errors = Array.from({ length: 200 }, (_, index) => (index === 0 ? 90 : index === 1 ? -40 : 0.1));
  expect(summariseErrors(errors)).toEqual({ count: 200, biasMs: 0.1, p99Ms: 0.1, worstMs: 90 });
});

test('nothing measured is no error of zero', () => {
  expect(summariseErrors([])).toEqual({ count: 0, biasMs: null, p99Ms: null, worstMs: null });
});
