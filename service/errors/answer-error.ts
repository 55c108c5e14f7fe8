import type { NextFunction, Request, Response } from 'express';
import { OpenAiError } from './openai-error.js';

/** Last handler of the main app: answers any error in OpenAI's shape. */
export function answerError(error: unknown, _req: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) {
    next(error);
    return;
  }
  const answer = toOpenAiError(error);
  if (answer.status >= 500) console.error(error);
  res.status(answer.status).set(answer.headers).json(answer.body);
}

function toOpenAiError(error: unknown): OpenAiError {
  if (error instanceof OpenAiError) return error;
  if (!isClientFault(error)) {
    return new OpenAiError({ status: 500, message: 'The server failed to answer.', code: 'internal_error' });
  }
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
