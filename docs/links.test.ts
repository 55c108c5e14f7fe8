import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** A page without its blocks of code: what looks like a link or a heading in there is none. */
function withoutBlocks(markdown: string): string {
  return markdown.replace(/^(```|~~~)[\s\S]*?^\1.*$/gm, '');
}

/** Targets of links and images, inline and by reference, that lead to a file or heading of the project. */
function targets(markdown: string): string[] {
  const text = withoutBlocks(markdown).replace(/`[^`\n]*`/g, '');
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const references = [...text.matchAll(/^\s*\[[^\]]+\]:\s*<?([^\s>]+)/gm)];
  return [...inline, ...references].flatMap((match) => match[1] ?? []).filter((target) => !/^[a-z]+:/i.test(target));
}

/** The anchors that GitHub gives the headings of a page. */
function anchors(markdown: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = withoutBlocks(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm);
  return new Set(
    [...headings].map((match) => {
      const words = (match[1] ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
      const anchor = words.replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-');
      const before = seen.get(anchor) ?? 0;
      seen.set(anchor, before + 1);
      return before === 0 ? anchor : `${anchor}-${before}`;
    }),
  );
}

/** One line for each link of a page that leads nowhere. */
function brokenLinks(page: string, markdown: string): string[] {
  return targets(markdown).flatMap((target) => {
    const [path = '', anchor] = decodeURI(target).split('#');
    const file = path === '' ? join(root, page) : join(root, dirname(page), path);
    if (relative(root, file).startsWith('..')) return [`${page}: ${target} leads out of the project`];
    if (path !== '' && !existsSync(file)) return [`${page}: ${target} does not exist`];
    if (anchor === undefined || !file.endsWith('.md')) return [];
    const there = anchors(path === '' ? markdown : readFileSync(file, 'utf8'));
    return there.has(anchor) ? [] : [`${page}: ${target} names no heading`];
  });
}

test.each(pages)('every link in %s leads somewhere', (page) => {
  expect(brokenLinks(page, readFileSync(join(root, page), 'utf8'))).toEqual([]);
});

describe('a broken link is reported', () => {
  test.each([
    ['a file that is not there', '[a](nowhere.md)', 'docs/page.md: nowhere.md does not exist'],
    [
      'an image that is not there',
      '![a](images/nothing.png "title")',
      'docs/page.md: images/nothing.png does not exist',
    ],
    ['a reference', '[a][b]\n\n[b]: gone.md\n', 'docs/page.md: gone.md does not exist'],
    ['a heading of its own', '# One\n[a](#two)', 'docs/page.md: #two names no heading'],
    [
      'a heading of another page',
      '[a](../README.md#no-such-part)',
      'docs/page.md: ../README.md#no-such-part names no heading',
    ],
    ['a path that leaves the project', '[a](../../x)', 'docs/page.md: ../../x leads out of the project'],
  ])('%s', (_what, markdown, problem) => {
    expect(brokenLinks('docs/page.md', markdown)).toEqual([problem]);
  });

  test('but not one that works, one to another site, or one in code', () => {
    const good = '# A `b`: c\n[a](#a-b-c) [b](https://example.org/x) [c](../package.json) `[d](e)`\n```\n[f](g)\n```\n';
    expect(brokenLinks('docs/page.md', good)).toEqual([]);
  });
});
