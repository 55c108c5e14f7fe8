import { describe, expect, test } from 'vitest';
import { affinityCookieValues, binomialBound } from './sticky.js';

describe('affinityCookieValues', () => {
  test('knows the value that Traefik gave for a measured URL', () => {
    expect(affinityCookieValues('http://127.0.0.1:9101')[0]).toBe('c268f781ab94296e');
  });

  test('offers the older value too: FNV-1 64 of the URL, hashed again as Go prints it', () => {
    // FNV-1 64 of the empty text is the offset basis; its hexadecimal digits are hashed once more.
    const again = [...'cbf29ce484222325'].reduce(
      (hash, digit) => BigInt.asUintN(64, hash * 1_099_511_628_211n) ^ BigInt(digit.charCodeAt(0)),
      14_695_981_039_346_656_037n,
    );
    expect(affinityCookieValues('')).toEqual(['e3b0c44298fc1c14', again.toString(16)]);
  });

  test('tells servers apart', () => {
    const urls = [1, 2, 3].map((number) => `http://127.0.0.1:910${number}`);
    expect(new Set(urls.flatMap(affinityCookieValues)).size).toBe(6);
  });
});

describe('binomialBound', () => {
  test('is 3.29 standard deviations: 12 of 60 sessions on three servers', () => {
    expect(binomialBound(60, 3)).toBeCloseTo(12.01, 2);
  });

  test('grows with the square root of the sessions', () => {
    expect(binomialBound(6_000, 3) / binomialBound(60, 3)).toBeCloseTo(10, 6);
  });

  test('leaves no room where there is one server only', () => {
    expect(binomialBound(60, 1)).toBe(0);
  });
});
