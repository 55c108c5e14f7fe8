import { describe, expect, it } from 'vitest';
import { readForgotten, readImport, readSearch, readVisits } from './history-requests.js';

const NOW = Date.UTC(2026, 10, 23);

/** What the error says about a request that is refused. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ name: 'OpenAiError', status: 400, body: { error: { code: 'invalid_value' } } });
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

describe('visits', () => {
  it('are one, or several', () => {
    const one = { url: 'https://example.test', title: 'A', visitedAt: NOW, visitCount: 2 };
    const stored = { ...one, url: 'https://example.test/' };
    expect(readVisits(one)).toEqual([stored]);
    expect(readVisits({ visits: [one, one] })).toEqual([stored, stored]);
  });

  it('happened now unless a time is given, as a number or a text', () => {
    const url = 'https://example.test/';
    expect(readVisits({ url }, NOW)).toEqual([{ url, visitedAt: NOW }]);
    expect(readVisits({ url, visitedAt: '2026-11-23T01:00:00+01:00' })).toEqual([{ url, visitedAt: NOW }]);
  });

  it('lose the user name and password of their address', () => {
    expect(readVisits({ url: 'http://me:secret@example.test/x' })[0]?.url).toBe('http://example.test/x');
  });

  it('are refused with every problem at once', () => {
    const message = refusal(() =>
      readVisits({
        visits: [
          { url: 'javascript:alert(1)', title: 7, visitedAt: 'yesterday', visitCount: 0 },
          { url: 'https://example.test/', visitedAt: Date.now() + 3_600_000, titel: 'x' },
        ],
      }),
    );
    for (const part of [
      'visits[0].url: expected an http or https address (received "javascript:alert(1)")',
      'visits[0].title: ',
      'visits[0].visitedAt: expected epoch milliseconds, or a time such as',
      'visits[0].visitCount: ',
      'visits[1].visitedAt: expected a time that is not in the future',
      'visits[1]: Unrecognized key: "titel"',
    ]) {
      expect(message).toContain(part);
    }
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'https://example.test/'],
    ['no visits', { visits: [] }],
    ['501 visits', { visits: Array.from({ length: 501 }, () => ({ url: 'https://example.test/' })) }],
    ['a very long address', { url: `https://example.test/${'x'.repeat(2100)}` }],
    ['a very long title', { url: 'https://example.test/', title: 'x'.repeat(1001) }],
  ])('are refused when they are %s', (_what, body) => {
    expect(refusal(() => readVisits(body))).not.toBe('');
  });
});

describe('a search', () => {
  it('has a limit and an offset', () => {
    expect(readSearch({})).toEqual({ limit: 20, offset: 0 });
    expect(readSearch({ q: 'a b', limit: '100', offset: '900' })).toEqual({ q: 'a b', limit: 100, offset: 900 });
  });

  it('is refused with every problem at once', () => {
    const message = refusal(() => readSearch({ q: ['a', 'b'], limit: '0', offset: '-1', page: '2' }));
    for (const part of ['q: ', 'limit: expected a whole number from 1 to 100', 'offset: ', '"page"']) {
      expect(message).toContain(part);
    }
  });
});

describe('what to forget', () => {
  it('is one page, what is older than a time, or everything', () => {
    expect(readForgotten({ url: 'https://example.test' })).toEqual({ url: 'https://example.test/' });
    expect(readForgotten({ before: '2026-11-23T00:00:00Z' })).toEqual({ visitedBefore: NOW });
    expect(readForgotten({ all: 'true' })).toEqual({ visitedBefore: Number.MAX_SAFE_INTEGER });
  });

  it.each([[{}], [{ all: 'yes' }], [{ all: 'true', before: '2026-11-23T00:00:00Z' }], [{ before: 'now' }]])(
    'is refused when it is %j',
    (query) => {
      expect(refusal(() => readForgotten(query))).toContain('expected');
    },
  );
});

describe('a file to import', () => {
  it.each(['History', 'places.sqlite', 'My History (1).db'])('can be %j', (file) => {
    expect(readImport({ file })).toEqual({ file });
  });

  it.each(['', '.', '..', '../History', '/etc/passwd', 'a/b', 'a\\b', 'a\0b'])('cannot be %j', (file) => {
    expect(refusal(() => readImport({ file }))).toContain('expected the name of a file in the import folder');
  });
});
