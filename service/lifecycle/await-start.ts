import type { RequestHandler } from 'express';
import type { Lifecycle } from './lifecycle.js';
import { starting } from './not-serving.js';

/** Middleware that answers 503 until the instance has started, as a server does that still loads its model. */
export function awaitStart(lifecycle: Lifecycle): RequestHandler {
  return (_req, _res, next) => {
    if (lifecycle.phase === 'starting') throw starting();
    next();
  };
}
