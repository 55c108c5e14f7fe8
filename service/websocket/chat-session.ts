import { toMetrics, toUsage } from '../completion/answer-format.js';
import type { CompletionRequest } from '../completion/completion-request.js';
import type { Engine, Generation, GenerationEnd, TokenSink } from '../engine/engine.js';
import { OpenAiError } from '../errors/openai-error.js';
import type { OpenExchange } from '../exchanges.js';
import { type DisturbableAnswer, disturbSink } from '../faults/disturb-sink.js';
import type { PendingFault } from '../faults/fault-registry.js';
import { FrameLog } from './frame-log.js';
import { frameError, type RequestFrame } from './frames.js';

/** Requests of one session that may be answered at the same time. */
const MAX_ACTIVE = 8;
/** Frames that are gathered before they are sent, at most. */
const UNSENT_FRAMES = 32;

/** The end of a request that was cancelled before it reached the engine. */
const NEVER_BEGUN: GenerationEnd = {
  reason: 'cancelled',
  usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
  timings: { queueMs: 0, ttftMs: 0, generationMs: 0, meanItlMs: 0, tokensPerSecond: 0 },
};

/** The connection to which a session's frames go. */
export interface FrameSink {
  /** Sends as much as the client can take of what it has not been sent. */
  pump(): void;
  /** Another connection has taken the session over. */
  superseded(): void;
  /** Ends the connection, as a fault: with a reset, or as if everything were said. */
  cut(ending: 'reset' | 'clean'): void;
}

/** A request that can be generated. */
export interface PreparedChat {
  readonly request: CompletionRequest;
  /** The fault that its answer suffers. */
  readonly fault: PendingFault | undefined;
  /** On the clock of `performance.now()`. */
  readonly arrivedAt: number;
}

/** A request that is being answered. */
interface Active {
  readonly requestId: string;
  readonly exchange: OpenExchange;
  readonly ended: AbortController;
  /** Undefined while it is prepared. */
  generation: Generation | undefined;
}

/** A conversation over one or, after a lost connection, several WebSockets. */
export class ChatSession {
  readonly id: string;
  readonly log: FrameLog;
  readonly #engine: Engine;
  readonly #active = new Map<string, Active>();
  #sink: FrameSink | undefined;

  constructor(id: string, engine: Engine, replayFrames: number) {
    this.id = id;
    this.log = new FrameLog(replayFrames);
    this.#engine = engine;
  }

  /** Whether an answer is in the making. */
  get isBusy(): boolean {
    return this.#active.size > 0;
  }

  /** From now on `sink` is told of new frames, and no other. */
  attach(sink: FrameSink): void {
    const before = this.#sink;
    this.#sink = sink;
    if (before !== sink) before?.superseded();
  }

  /** Nobody is connected any more; false when `sink` is not the one that was. */
  detach(sink: FrameSink): boolean {
    if (this.#sink !== sink) return false;
    this.#sink = undefined;
    return true;
  }

  /**
   * Answers a request when `prepare` is done with it, which is told when the request has ended meanwhile. The frames go to
   * the log; `exchange` is ended with the last one.
   * @throws OpenAiError when the session can take no more, or is answering a request of this id.
   */
  answer(requestId: string, exchange: OpenExchange, prepare: (ended: AbortSignal) => Promise<PreparedChat>): void {
    if (this.#active.has(requestId)) {
      throw new OpenAiError({
        status: 409,
        message: `The request ${requestId} is being answered.`,
        param: 'request_id',
        code: 'request_in_progress',
      });
    }
    if (this.#active.size >= MAX_ACTIVE) {
      throw new OpenAiError({
        status: 429,
        message: `${MAX_ACTIVE} requests of this session are being answered.`,
        type: 'rate_limit_error',
        code: 'too_many_requests',
      });
    }
    const active: Active = { requestId, exchange, ended: new AbortController(), generation: undefined };
    this.#active.set(requestId, active);
    prepare(active.ended.signal)
      .then((chat) => this.#generate(active, chat))
      .catch((error: unknown) => {
        if (!(error instanceof OpenAiError)) throw error;
        this.#fail(active, error);
      });
  }

  /** Ends one request, or every one, whose answer nobody waits for. */
  cancel(requestId?: string): void {
    for (const active of [...this.#active.values()]) {
      if (requestId !== undefined && active.requestId !== requestId) continue;
      if (active.generation === undefined) this.#finish(active, NEVER_BEGUN);
      else active.generation.cancel();
    }
  }

  /** Ends every request with an error. */
  failAll(error: OpenAiError): void {
    for (const active of [...this.#active.values()]) this.#fail(active, error);
  }

  #generate(active: Active, { request, fault, arrivedAt }: PreparedChat): void {
    if (active.ended.signal.aborted) return;
    const slowdown = fault?.fault.kind === 'slow-tokens' ? fault.fault.factor : 1;
    const wanted = { ...request, requestId: active.requestId, arrivedAt, live: true, slowdown };
    const sink = this.#sinkOf(active);
    active.generation = this.#engine.submit(wanted, fault ? disturbSink(sink, this.#answerOf(active), fault) : sink);
    active.exchange.generation = active.generation;
    if (slowdown !== 1) fault?.bite();
  }

  #sinkOf(active: Active): TokenSink {
    const { requestId } = active;
    return {
      started: ({ promptTokens, cachedTokens }) => {
        this.#add(active, {
          type: 'start',
          request_id: requestId,
          prompt_tokens: promptTokens,
          cached_tokens: cachedTokens,
        });
      },
      token: (text, index) => this.#add(active, { type: 'token', request_id: requestId, index, text }),
      flush: () => this.#sink?.pump(),
      finished: (end) => {
        if (end.reason !== 'error') this.#finish(active, end);
        else {
          const unexplained = { status: 500, message: 'The engine failed.', code: 'engine_error' };
          this.#fail(active, end.error ?? new OpenAiError(unexplained));
        }
      },
    };
  }

  /** What a fault can do to the answer of a request. */
  #answerOf(active: Active): DisturbableAnswer {
    return {
      fail: (error) => this.#fail(active, error),
      cut: (ending) => this.#sink?.cut(ending),
      garble: () => this.log.addGarbled(),
    };
  }

  #finish(active: Active, end: GenerationEnd): void {
    const { reason } = end;
    const frame = { finish_reason: reason, usage: toUsage([end]), metrics: toMetrics(end) };
    this.#end(active, 200, reason !== 'cancelled', { type: 'done', request_id: active.requestId, ...frame });
  }

  #fail(active: Active, error: OpenAiError): void {
    this.#end(active, error.status, true, { type: 'error', request_id: active.requestId, ...frameError(error) });
    active.generation?.cancel();
  }

  #end(active: Active, status: number, completed: boolean, lastFrame: RequestFrame): void {
    if (active.ended.signal.aborted) return;
    this.#add(active, lastFrame);
    this.#active.delete(active.requestId);
    active.exchange.end(status, completed);
    active.ended.abort();
    this.#sink?.pump();
  }

  #add(active: Active, frame: RequestFrame): void {
    if (active.ended.signal.aborted) return;
    this.log.add(frame);
    // Many tokens may be due at once: what is sent in between cannot fall out of the log unsent.
    if (this.log.lastSeq % UNSENT_FRAMES === 0) this.#sink?.pump();
  }
}
