/** Longer addresses carry data rather than a place; browsers stop at about this length too. */
export const MOST_URL_CHARACTERS = 2048;
export const MOST_TITLE_CHARACTERS = 1000;

/** The address as it is kept: of the web, and without user name and password. Undefined when it is not of the web. */
export function storedUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  url.username = '';
  url.password = '';
  return url.href;
}
