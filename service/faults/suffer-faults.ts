import type { RequestHandler } from 'express';
import { OpenAiError } from '../errors/openai-error.js';
import type { FaultRegistry } from './fault-registry.js';

/** Middleware that answers a request with the fault in place, if there is one. */
export function sufferFaults(faults: FaultRegistry): RequestHandler {
  return (_req, res, next) => {
    const fault = faults.take();
    if (fault === undefined) {
      next();
      return;
    }
    const { body } = new OpenAiError({
      status: fault.status,
      message: `Injected by ${fault.id}.`,
      code: 'injected_fault',
    });
    res.status(fault.status).json(body);
  };
}
