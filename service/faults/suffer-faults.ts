import type { RequestHandler } from 'express';
import type { FaultRegistry } from './fault-registry.js';
import { type FaultTargets, sufferEarly } from './suffer-early.js';

/**
 * Middleware that lets a request suffer the fault in place, if there is one. What happens before the answer happens
 * here; the fault is left in `res.locals.fault` for who makes the answer.
 */
export function sufferFaults(faults: FaultRegistry, targets: FaultTargets): RequestHandler {
  return async (req, res, next) => {
    const pending = faults.take(req.headers);
    if (pending !== undefined) {
      const gone = new AbortController();
      res.once('close', () => {
        pending.settle();
        gone.abort();
      });
      await sufferEarly(pending, targets, gone.signal);
      if (gone.signal.aborted) return;
      res.locals.fault = pending;
    }
    next();
  };
}
