import type { PromptMessage } from '../engine/prompt.js';
import { OpenAiError } from '../errors/openai-error.js';

/** One visited page that a search found. */
export interface HistoryPage {
  readonly url: string;
  readonly title: string;
  /** The part of it that fits the query, where the store keeps one. */
  readonly snippet?: string;
}

/** Where visited pages are looked up. */
export interface HistorySearch {
  /** The pages that fit best, the best first. */
  search(query: string, limit: number): Promise<readonly HistoryPage[]>;
}

const PAGES_IN_CONTEXT = 5;

/**
 * Puts the visited pages that fit the last message before the messages, as context for the answer.
 * @throws OpenAiError 400 when this instance has no history.
 */
export async function withHistory(
  messages: readonly PromptMessage[],
  history: HistorySearch | undefined,
): Promise<readonly PromptMessage[]> {
  if (history === undefined) {
    throw new OpenAiError({
      status: 400,
      message: 'This service keeps no browser history; leave "history" out.',
      param: 'history',
      code: 'history_unavailable',
    });
  }
  const pages = await history.search(messages.at(-1)?.content ?? '', PAGES_IN_CONTEXT);
  if (pages.length === 0) return messages;
  const lines = pages.map(({ url, title, snippet }) => `- ${title} (${url})${snippet ? `: ${snippet}` : ''}`);
  const content = `Pages that the user visited and that may help:\n${lines.join('\n')}`;
  return [{ role: 'system', content }, ...messages];
}
