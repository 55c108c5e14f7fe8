import { expect, it } from 'vitest';
import { toldQuantile, trueQuantile } from './told-quantile.js';

const oneToHundred = Array.from({ length: 100 }, (_, index) => index + 1);

it('a quantile is interpolated within its bucket, as Prometheus does', () => {
  expect(trueQuantile(oneToHundred, 0.5)).toBe(50);
  expect(toldQuantile(oneToHundred, [20, 40, 60, 80, 100], 0.5)).toBe(50);
  // The bucket from 0 to 80 has 80 observations: the tenth of them is told as 10.
  expect(toldQuantile(oneToHundred, [80, 100], 0.1)).toBe(10);
  // Whatever the observations in the first bucket are, they are told as if spread evenly.
  expect(toldQuantile([1, 1, 1, 1], [80], 0.5)).toBe(40);
});

it('what lies beyond the last bound is told as that bound', () => {
  expect(toldQuantile(oneToHundred, [10, 20], 0.5)).toBe(20);
});
