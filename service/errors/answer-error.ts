import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { internalError } from './internal-error.js';
import { OpenAiError } from './openai-error.js';

/** Last handler of the main app: answers any error in OpenAI's shape, and logs those that are the service's own. */
export function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const answer = toOpenAiError(error);
    // An error that was made on purpose, such as an instance that is still starting, is no fault of ours.
    if (answer.status >= 500 && !(error instanceof OpenAiError)) {
      logger.error({ event: 'failed', method: req.method, path: req.path, err: error });
    }
    res.status(answer.status).set(answer.headers).json(answer.body);
  };
}

function toOpenAiError(error: unknown): OpenAiError {
  if (error instanceof OpenAiError) return error;
  if (!isClientFault(error)) return internalError();
  switch (error.type) {
    case 'entity.too.large':
      return new OpenAiError({
        status: 413,
        message: `The request body is larger than the limit of ${error.limit} bytes.`,
        code: 'request_too_large',
      });
    case 'entity.parse.failed':
      return new OpenAiError({
        status: 400,
        message: `The request body is not valid JSON: ${error.message}`,
        code: 'invalid_json',
      });
    default:
      return new OpenAiError({ status: error.status, message: error.message, code: 'invalid_request' });
  }
}

/** What Express and its body parser throw when the request is at fault. */
interface ClientFault extends Error {
  readonly status: number;
  readonly type?: string;
  readonly limit?: number;
}

function isClientFault(error: unknown): error is ClientFault {
  if (!(error instanceof Error) || !('status' in error)) return false;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}
