import { describe, expect, it } from 'vitest';
import { buildMatch } from './build-match.js';
import { HistoryStore } from './history-store.js';
import { HistoryFolder } from './testing/history-folder.js';

describe('buildMatch', () => {
  it.each([
    ['rate limit', 'all', '"rate" "limit"*'],
    ['rate limit', 'any', '"rate" OR "limit"'],
    ['Ärger über 漢字 2024', 'all', '"Ärger" "über" "漢字" "2024"*'],
    ['same same', 'all', '"same"*'],
    ['a-b.c/d?e=f', 'any', '"a" OR "b" OR "c" OR "d" OR "e" OR "f"'],
  ] as const)('%j with %s words is %j', (text, words, match) => {
    expect(buildMatch(text, words)).toBe(match);
  });

  it.each(['', '   ', '"', '*', '()', '-- ;', '\0', '\ud800'])('%j has no word', (text) => {
    expect(buildMatch(text, 'all')).toBeUndefined();
  });

  it('takes at most sixteen words', () => {
    const text = Array.from({ length: 40 }, (_, index) => `w${index}`).join(' ');
    expect(buildMatch(text, 'any')?.split(' OR ')).toHaveLength(16);
  });
});

describe('a search', () => {
  it.each([
    ['"', 0],
    ['""', 0],
    ['"unclosed', 0],
    ['title:secret', 1],
    ['{title url}: secret', 1],
    ['- : secret', 1],
    ['secret OR', 1],
    ['OR secret AND NOT', 1],
    ['NOT page', 1],
    ['NEAR(secret, 2)', 1],
    ['^secret', 1],
    ['(secret', 1],
    ['secret*)', 1],
    ["secret'); DROP TABLE pages; --", 1],
    ['page_index:*', 1],
    ['secr*', 0],
    ['sec\0ret', 0],
    ['＂secret＂', 1],
    ['\u{1F600}', 0],
    ['ﬀ ﬁ', 0],
    ['x'.repeat(500), 0],
    ['" OR rowid > 0 --', 0],
    ['rank MATCH "bm25(1)"', 0],
  ])('takes %j as words and nothing else', async (text, found) => {
    using folder = new HistoryFolder();
    const store = new HistoryStore(await folder.open(), { maxAgeDays: 90, maxPages: 100 });
    store.record([[{ url: 'https://example.test/', title: 'a secret page', visitedAt: Date.now() }]]);
    expect(store.search({ text, words: 'any', limit: 10, offset: 0 })).toHaveLength(found);
    expect(() => store.search({ text, words: 'all', limit: 10, offset: 0 })).not.toThrow();
    expect(store.countPages()).toBe(1);
  });
});
