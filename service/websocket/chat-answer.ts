import { engineFailed } from '../completion/answer.js';
import { toMetrics, toUsage } from '../completion/answer-format.js';
import type { CompletionRequest } from '../completion/completion-request.js';
import type { Engine, Generation, GenerationEnd, TokenSink } from '../engine/engine.js';
import type { OpenAiError } from '../errors/openai-error.js';
import type { OpenExchange } from '../exchanges.js';
import { type DisturbableAnswer, disturbSink } from '../faults/disturb-sink.js';
import type { PendingFault } from '../faults/fault-registry.js';
import { frameError, type RequestFrame } from './frames.js';

/** The end of a request that did not reach the engine. */
const NEVER_BEGUN: GenerationEnd = {
  reason: 'cancelled',
  usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
  timings: { queueMs: 0, ttftMs: 0, generationMs: 0, meanItlMs: 0, tokensPerSecond: 0 },
};

/** A request that can be generated. */
export interface PreparedChat {
  readonly request: CompletionRequest;
  /** The fault that its answer suffers. */
  readonly fault: PendingFault | undefined;
  /** On the clock of `performance.now()`. */
  readonly arrivedAt: number;
}

/** Where the frames of an answer go. */
export interface FrameWriter extends Pick<DisturbableAnswer, 'cut' | 'garble'> {
  add(frame: RequestFrame): void;
  /** What was added can be sent. */
  pump(): void;
  /** The answer has its last frame. */
  answered(requestId: string): void;
}

/** The answer to one chat request, in frames: it ends once, with `done` or `error`, and its exchange with it. */
export class ChatAnswer implements DisturbableAnswer {
  readonly requestId: string;
  readonly #exchange: OpenExchange;
  readonly #writer: FrameWriter;
  readonly #ended = new AbortController();
  /** Undefined while the request is prepared. */
  #generation: Generation | undefined;
  /** What the engine made of it; a fault can hold it back. */
  #generated = NEVER_BEGUN;

  constructor(requestId: string, exchange: OpenExchange, writer: FrameWriter) {
    this.requestId = requestId;
    this.#exchange = exchange;
    this.#writer = writer;
  }

  /** Aborts when it has ended, however it has. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Generates it, unless it has ended. @throws OpenAiError when the engine does not take it. */
  generate(engine: Engine, { request, fault, arrivedAt }: PreparedChat): void {
    if (this.ended.aborted) return;
    const slowdown = fault?.fault.kind === 'slow-tokens' ? fault.fault.factor : 1;
    const wanted = { ...request, requestId: this.requestId, arrivedAt, live: true, slowdown };
    const sink = fault ? disturbSink(this.#sink(), this, fault) : this.#sink();
    const finished = (end: GenerationEnd): void => {
      this.#generated = end;
      sink.finished(end);
    };
    this.#generation = engine.submit(wanted, { ...sink, finished });
    this.#exchange.generation = this.#generation;
    if (slowdown !== 1) fault?.bite();
  }

  /** Ends it because nobody waits for it. */
  cancel(): void {
    this.#generation?.cancel();
    this.#finish({ ...this.#generated, reason: 'cancelled' });
  }

  fail(error: OpenAiError): void {
    this.#end(error.status, true, { type: 'error', request_id: this.requestId, ...frameError(error) });
    this.#generation?.cancel();
  }

  cut(ending: 'reset' | 'clean'): void {
    this.#writer.cut(ending);
  }

  garble(): void {
    this.#writer.garble();
  }

  #sink(): TokenSink {
    const request_id = this.requestId;
    return {
      started: ({ promptTokens, cachedTokens }) => {
        this.#add({ type: 'start', request_id, prompt_tokens: promptTokens, cached_tokens: cachedTokens });
      },
      token: (text, index) => this.#add({ type: 'token', request_id, index, text }),
      flush: () => this.#writer.pump(),
      finished: (end) => {
        if (end.reason !== 'error') this.#finish(end);
        else this.fail(end.error ?? engineFailed());
      },
    };
  }

  #finish(end: GenerationEnd): void {
    const { reason } = end;
    const frame = { finish_reason: reason, usage: toUsage([end]), metrics: toMetrics(end) };
    this.#end(200, reason !== 'cancelled', { type: 'done', request_id: this.requestId, ...frame });
  }

  #end(status: number, completed: boolean, lastFrame: RequestFrame): void {
    if (this.ended.aborted) return;
    this.#add(lastFrame);
    this.#ended.abort();
    this.#exchange.end(status, completed);
    this.#writer.answered(this.requestId);
    this.#writer.pump();
  }

  /** What comes after the end, such as the token that a fault has replaced, is not sent. */
  #add(frame: RequestFrame): void {
    if (!this.ended.aborted) this.#writer.add(frame);
  }
}
