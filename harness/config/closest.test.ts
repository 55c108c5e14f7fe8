import { expect, test } from 'vitest';
import { closest } from './closest.js';

const known = ['retry', 'circuit-breaker', 'sticky-sessions', 'rate-limit'];

test.each([
  ['retri', 'retry'],
  ['retrys', 'retry'],
  ['RETRY', 'retry'],
  ['breaker', 'circuit-breaker'],
  ['sticky', 'sticky-sessions'],
  ['ratelimit', 'rate-limit'],
  ['circiut-braeker', 'circuit-breaker'],
])('%s is meant to be %s', (word, meant) => {
  expect(closest(word, known)).toBe(meant);
});

test.each(['nosuch', '', 'r', 'i', 'latency', 'ker-sess'])('%s is near to nothing', (word) => {
  expect(closest(word, known)).toBeUndefined();
});

test('a part of several words is near to none of them', () => {
  expect(closest('3.7', ['3.7.5', '3.7.4-long-name'])).toBeUndefined();
});
