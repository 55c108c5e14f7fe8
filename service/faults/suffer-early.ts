import { setTimeout as delay } from 'node:timers/promises';
import { OpenAiError } from '../errors/openai-error.js';
import { burnCpu } from './burn-cpu.js';
import { failureOf } from './failure-of.js';
import type { RetryHint } from './fault.js';
import type { PendingFault } from './fault-registry.js';

/** What a fault can lay its hands on. */
export interface FaultTargets {
  /** Keeps the write lock of the history's file; undefined on an instance without history. */
  readonly holdHistoryLock?: ((forMs: number) => Promise<void>) | undefined;
}

/**
 * Lets a request suffer what a fault does before there is an answer. A fault of the answer itself is left to who makes it.
 * @param gone aborts when nobody waits for the answer any more; what is waited for ends then
 * @throws OpenAiError with which the request is to be refused
 */
export async function sufferEarly(pending: PendingFault, targets: FaultTargets, gone: AbortSignal): Promise<void> {
  const { fault, id } = pending;
  switch (fault.kind) {
    case 'status':
      pending.bite();
      throw statusError(id, fault);
    case 'failure':
      pending.bite();
      throw failureOf(fault.types, pending.draw, id);
    case 'header-hang':
      pending.bite();
      await delay(fault.forMs, undefined, { signal: gone }).catch(() => undefined);
      return;
    case 'event-loop-block':
      pending.bite();
      block(fault.forMs);
      return;
    case 'cpu-burn':
      pending.bite();
      burnCpu(fault.forMs);
      return;
    case 'memory-growth':
      pending.bite();
      // Filled, because the operating system gives no memory to pages that nobody wrote.
      pending.hold(Buffer.alloc(fault.bytes, 1));
      return;
    case 'sqlite-lock':
      pending.bite();
      void targets.holdHistoryLock?.(fault.forMs).catch(() => undefined);
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

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
