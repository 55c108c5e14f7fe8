import { expect, test } from 'vitest';
import { escapeXml } from './escape-xml.js';

test.each([
  ['markup', `<a b="c">&</a>`, '&lt;a b=&quot;c&quot;&gt;&amp;&lt;/a&gt;'],
  ['line breaks and tabs', 'a\tb\nc\r', 'a&#9;b&#10;c&#13;'],
  ['control characters', 'a\u0000b\u001b[31mc\u000b', 'ab[31mc'],
  ['non-characters', 'a\uFFFEb\uFFFFc', 'abc'],
  ['lone surrogates', 'a\uD800b\uDC00c', 'abc'],
  ['characters beyond the first plane', 'a\u{1F4A1}b', 'a\u{1F4A1}b'],
])('escapeXml treats %s', (_what, text, expected) => {
  expect(escapeXml(text)).toBe(expected);
});
