import { describe, expect, test } from 'vitest';
import { extraRetryAttempts } from './retry.js';

const exactly = (requests: number) => ({ least: requests, most: requests });

describe('extra attempts of sequential requests in round robin', () => {
  test.each([
    { requests: 30, refusing: 1, extra: 15 },
    { requests: 60, refusing: 1, extra: 30 },
    { requests: 20, refusing: 2, extra: 40 },
  ])('R·d/(n−d): $extra for $requests requests with $refusing of 3 refusing, give or take one', (each) => {
    expect(extraRetryAttempts(exactly(each.requests), 3, each.refusing, 3)).toEqual({
      least: each.extra - 1,
      most: each.extra + 1,
    });
  });

  test('the band spans what the least and the most requests would need', () => {
    expect(extraRetryAttempts({ least: 56, most: 64 }, 3, 1, 3)).toEqual({ least: 27, most: 33 });
  });

  test('one attempt is the first one: none is extra', () => {
    expect(extraRetryAttempts(exactly(30), 3, 1, 1)).toEqual({ least: 0, most: 0 });
  });

  test('is never less than none', () => {
    expect(extraRetryAttempts({ least: 0, most: 3 }, 3, 1, 3)).toEqual({ least: 0, most: 3 });
  });

  test('agrees with a rotation that is played through', () => {
    for (let first = 0; first < 3; first++) {
      let turn = first;
      let extra = 0;
      for (let request = 0; request < 31; request++) {
        while (turn++ % 3 === 1) extra += 1;
      }
      const band = extraRetryAttempts(exactly(31), 3, 1, 3);
      expect(extra).toBeGreaterThanOrEqual(band?.least ?? Number.NaN);
      expect(extra).toBeLessThanOrEqual(band?.most ?? Number.NaN);
    }
  });
});

describe('says nothing where a request can use up its attempts', () => {
  test('two attempts with two of three refusing', () => {
    expect(extraRetryAttempts(exactly(30), 3, 2, 2)).toBeUndefined();
  });

  test('any number of attempts with all servers refusing', () => {
    expect(extraRetryAttempts(exactly(30), 3, 3, 4)).toBeUndefined();
  });
});
