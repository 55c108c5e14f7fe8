import { OpenAiError } from '../errors/openai-error.js';

/** The instance is still starting, as a server is that loads its model: status 503. */
export function starting(): OpenAiError {
  return notServing('The instance is still starting.', 'starting');
}

/** The instance is shutting down and will not finish the request: status 503. */
export function shuttingDown(): OpenAiError {
  return notServing('The instance is shutting down.', 'shutting_down');
}

function notServing(message: string, code: string): OpenAiError {
  return new OpenAiError({ status: 503, message, code, headers: { 'Retry-After': '1' } });
}
