import type { GenerationEnd, TokenSink } from '../engine/engine.js';
import { OpenAiError } from '../errors/openai-error.js';
import type { PendingFault } from './fault-registry.js';

/** What a fault can do to an answer in the making. */
export interface DisturbableAnswer {
  fail(error: OpenAiError): void;
  /** Ends the connection: with a reset, or as if the answer were complete. */
  cut(ending: 'reset' | 'clean'): void;
  /** Puts JSON into the answer that ends in the middle. */
  garble(): void;
}

/** A sink that passes everything on, and disturbs the answer when the token is due at which its fault bites. */
export function disturbSink(sink: TokenSink, answer: DisturbableAnswer, pending: PendingFault): TokenSink {
  const { fault, id } = pending;
  if (!('atToken' in fault)) return sink;

  const held: (() => void)[] = [];
  let stalled = false;
  const resume = (): void => {
    stalled = false;
    for (const call of held.splice(0)) call();
    sink.flush?.();
  };
  const bite = (): void => {
    pending.bite();
    // The tokens before this one can be due in the same tick, and must not be lost with what follows.
    sink.flush?.();
    switch (fault.kind) {
      case 'stream-stall':
        stalled = true;
        setTimeout(resume, fault.forMs).unref();
        return;
      case 'stream-cut':
        answer.cut(fault.ending);
        return;
      case 'malformed-chunk':
        answer.garble();
        return;
      case 'error-chunk':
        answer.fail(new OpenAiError({ status: 500, message: `Injected by ${id}.`, code: 'injected_fault' }));
    }
  };
  return {
    started: (start) => sink.started(start),
    token: (text, index) => {
      if (index === fault.atToken) bite();
      if (stalled) held.push(() => sink.token(text, index));
      else sink.token(text, index);
    },
    flush: () => {
      if (!stalled) sink.flush?.();
    },
    finished: (end: GenerationEnd) => {
      if (stalled) held.push(() => sink.finished(end));
      else sink.finished(end);
    },
  };
}
