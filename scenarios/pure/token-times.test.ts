import { expect, test } from 'vitest';
import { TokenTimes } from './token-times.js';

test('the times of no token', () => {
  expect(new TokenTimes()).toMatchObject({ firstAt: 0, gapsMs: [], count: 0 });
});

test('the first token and the gaps after it', () => {
  const times = new TokenTimes();
  for (const at of [100, 110.5, 110.5, 140]) times.add(at);
  expect(times).toMatchObject({ firstAt: 100, gapsMs: [10.5, 0, 29.5], count: 4 });
});
