import { countPromptTokens } from '../engine/prompt.js';
import type { CompletionRequest } from './completion-request.js';
import { type HistorySearch, withHistory } from './history-context.js';
import type { RateLimiter } from './rate-limiter.js';

/** What every request passes before it is generated, whatever it came by. */
export interface Preparation {
  /** The visited pages, on an instance that keeps them. */
  readonly history: HistorySearch | undefined;
  readonly rateLimiter: RateLimiter;
}

/**
 * Looks up the history that a request asks for, and counts it against the limits of the client whose `Authorization` is
 * given. @returns the request with its context, and the headers that tell of the limits
 * @throws OpenAiError when there is no history to look into, or a limit is reached.
 */
export async function prepareRequest(
  { history, rateLimiter }: Preparation,
  request: CompletionRequest,
  authorization = '',
): Promise<{ readonly request: CompletionRequest; readonly headers: Readonly<Record<string, string>> }> {
  const messages = request.history ? await withHistory(request.messages, history) : request.messages;
  const tokens = countPromptTokens(messages) + (request.maxTokens ?? 0) * request.choices;
  return { request: { ...request, messages }, headers: rateLimiter.count(authorization, tokens, performance.now()) };
}
