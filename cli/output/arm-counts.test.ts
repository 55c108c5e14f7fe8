import { expect, test } from 'vitest';
import { armCounts } from './arm-counts.js';

const scrape = {
  at: 0,
  configReloads: 1,
  routes: {
    'retry.subject': { routerRequests: { '503': 32, '200': 280, '0': 0 }, serviceRequests: {} },
    'retry.control': { routerRequests: { '200': 0 }, serviceRequests: {} },
  },
};

test('counts by status, in its order; a status that was never answered is left out', () => {
  expect(armCounts(scrape, 'retry.subject')).toBe('312 requests: 280 × 200, 32 × 503');
});

test('nothing before the first request, the first scrape, or for an arm that the gateway does not know', () => {
  expect(armCounts(scrape, 'retry.control')).toBe('');
  expect(armCounts(undefined, 'retry.subject')).toBe('');
  expect(armCounts(scrape, 'nosuch.subject')).toBe('');
});
