import type { RequestHandler, Response } from 'express';
import { OpenAiError } from '../errors/openai-error.js';
import { burnCpu } from './burn-cpu.js';
import { failureOf } from './failure-of.js';
import type { RetryHint } from './fault.js';
import type { FaultRegistry, PendingFault } from './fault-registry.js';

/** What a fault can lay its hands on. */
export interface FaultTargets {
  /** Keeps the write lock of the history's file; undefined on an instance without history. */
  readonly holdHistoryLock?: ((forMs: number) => Promise<void>) | undefined;
}

/**
 * Middleware that lets a request suffer the fault in place, if there is one. What happens before the answer happens
 * here; a fault of the answer itself is left in `res.locals.fault` for who makes the answer.
 */
export function sufferFaults(faults: FaultRegistry, targets: FaultTargets): RequestHandler {
  return async (req, res, next) => {
    const pending = faults.take(req.headers);
    if (pending === undefined) {
      next();
      return;
    }
    res.once('close', () => pending.settle());
    const answered = await suffer(pending, res, targets);
    if (!answered) next();
  };
}

/** Resolves true when the request was answered, or its client is gone. */
async function suffer(pending: PendingFault, res: Response, targets: FaultTargets): Promise<boolean> {
  const { fault, id } = pending;
  switch (fault.kind) {
    case 'status':
    case 'failure': {
      pending.bite();
      const error = fault.kind === 'failure' ? failureOf(fault.types, pending.draw, id) : statusError(id, fault);
      res.status(error.status).set(error.headers).json(error.body);
      return true;
    }
    case 'header-hang':
      pending.bite();
      return !(await waitWhileOpen(res, fault.forMs));
    case 'event-loop-block':
      pending.bite();
      block(fault.forMs);
      return false;
    case 'cpu-burn':
      pending.bite();
      burnCpu(fault.forMs);
      return false;
    case 'memory-growth':
      pending.bite();
      // Filled, because the operating system gives no memory to pages that nobody wrote.
      pending.hold(Buffer.alloc(fault.bytes, 1));
      return false;
    case 'sqlite-lock':
      pending.bite();
      void targets.holdHistoryLock?.(fault.forMs).catch(() => undefined);
      return false;
    default:
      res.locals.fault = pending;
      return false;
  }
}

function statusError(id: string, fault: { readonly status: number } & RetryHint): OpenAiError {
  const { status, retryAfterSeconds, retryAfterMs } = fault;
  const headers = {
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
    ...(retryAfterMs !== undefined && { 'retry-after-ms': String(retryAfterMs) }),
  };
  return new OpenAiError({ status, message: `Injected by ${id}.`, code: 'injected_fault', headers });
}

/** Waits; resolves false, at once, when the client closes the connection before that. */
function waitWhileOpen(res: Response, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), ms);
    res.once('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
