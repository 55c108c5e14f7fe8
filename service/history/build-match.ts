const MOST_WORDS = 16;
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;

/**
 * Turns what a person typed into an FTS5 query. Only letters and digits of the text get into it, each word in quotes, so
 * that nothing typed can act as an operator, a column filter or a syntax error.
 * @param words `all` must occur, the last of them at least as a beginning (a person is still typing it); or `any`
 * @returns undefined when the text has no word
 */
export function buildMatch(text: string, words: 'all' | 'any'): string | undefined {
  const found = [...new Set(text.match(WORD))].slice(0, MOST_WORDS).map((word) => `"${word}"`);
  if (found.length === 0) return undefined;
  return words === 'any' ? found.join(' OR ') : `${found.join(' ')}*`;
}
