import { OpenAiError } from './openai-error.js';

/** What a client is told of an error that is the service's own: nothing of it, since it may hold anything. */
export function internalError(): OpenAiError {
  return new OpenAiError({ status: 500, message: 'The server failed to answer.', code: 'internal_error' });
}
