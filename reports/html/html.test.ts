import { describe, expect, test } from 'vitest';
import { html, rawHtml } from './html.js';

describe('html', () => {
  test('escapes strings for elements and attributes', () => {
    const hostile = `"><script>'&`;
    expect(html`<a title="${hostile}">${hostile}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;&#39;&amp;">&quot;&gt;&lt;script&gt;&#39;&amp;</a>',
    );
  });

  test('keeps HTML, numbers and lists of them', () => {
    expect(html`<ul>${[1, 2].map((each) => html`<li>${each}</li>`)}${rawHtml('<hr>')}</ul>`.text).toBe(
      '<ul><li>1</li><li>2</li><hr></ul>',
    );
  });

  test('escapes strings inside of lists', () => {
    expect(html`${['<', [' & ']]}`.text).toBe('&lt; &amp; ');
  });
});
