import { type Html, rawHtml } from './html.js';

/**
 * A value as an island of JSON that the page's script reads back by `id`.
 *
 * Inside a script element HTML knows no character references, so what could end or confuse it is written as JSON
 * escapes: `<` and `>` (end tags and comments), `&`, and the line separators that older scripts break at.
 */
export function embedJson(id: string, value: unknown): Html {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return rawHtml(`<script type="application/json" id="${id}">${json}</script>`);
}
