import { expect, test } from 'vitest';
import { labelRows } from './label-rows.js';

function band(fromMs: number, untilMs: number) {
  return { title: 'fault', fromMs, untilMs };
}

test.each([
  ['none', [], []],
  ['one after the other', [band(0, 10), band(10, 20)], [0, 0]],
  ['overlapping', [band(0, 10), band(5, 20), band(12, 15)], [0, 1, 0]],
  ['in any order', [band(5, 20), band(0, 10)], [1, 0]],
  ['all at once', [band(0, 10), band(0, 10), band(0, 10)], [0, 1, 2]],
])('labels of faults: %s', (_what, faults, rows) => {
  expect(labelRows(faults)).toEqual(rows);
});
