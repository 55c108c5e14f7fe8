import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

/** Middleware of everything under `/v1`: a request id where the client sent none, and the time taken until the headers. */
export function responseHeaders(): RequestHandler {
  return (_req, res, next) => {
    if (!res.hasHeader('x-request-id')) res.setHeader('x-request-id', `req_${randomUUID().replaceAll('-', '')}`);
    const writeHead = res.writeHead;
    // Node calls it for every response, implicit headers included; there is no event for it.
    res.writeHead = (...args: unknown[]) => {
      res.setHeader('openai-processing-ms', String(Math.round(performance.now() - res.locals.arrivedAt)));
      return Reflect.apply(writeHead, res, args);
    };
    next();
  };
}
