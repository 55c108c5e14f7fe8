import { toMetrics, toUsage } from '../completion/answer-format.js';
import type { Engine, Generation, GenerationRequest, TokenSink } from '../engine/engine.js';
import { OpenAiError } from '../errors/openai-error.js';
import type { OpenExchange } from '../exchanges.js';
import { FrameLog } from './frame-log.js';
import type { FrameError, RequestFrame } from './frames.js';

/** Requests of one session that may be answered at the same time. */
const MAX_ACTIVE = 8;
/** Frames that are gathered before they are sent, at most. */
const UNSENT_FRAMES = 32;

/** The connection to which a session's frames go. */
export interface FrameSink {
  /** Sends as much as the client can take of what it has not been sent. */
  pump(): void;
  /** Another connection has taken the session over. */
  superseded(): void;
}

/** A conversation over one or, after a lost connection, several WebSockets. */
export class ChatSession {
  readonly id: string;
  readonly log: FrameLog;
  readonly #engine: Engine;
  readonly #active = new Map<string, { readonly generation: Generation; readonly exchange: OpenExchange }>();
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
   * Submits a request. Its frames go to the log; `exchange` is ended with it.
   * @throws OpenAiError when it cannot be taken in.
   */
  submit(request: GenerationRequest, exchange: OpenExchange): void {
    const { requestId } = request;
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
    const generation = this.#engine.submit(request, this.#sinkOf(requestId));
    this.#active.set(requestId, { generation, exchange });
  }

  /** Ends one request, or every one, whose answer nobody waits for. */
  cancel(requestId?: string): void {
    const ids = requestId === undefined ? [...this.#active.keys()] : [requestId];
    for (const id of ids) this.#active.get(id)?.generation.cancel();
  }

  /** Ends every request with an error. */
  failAll(error: OpenAiError): void {
    for (const requestId of [...this.#active.keys()]) {
      const active = this.#end(requestId, error.status, true);
      this.#add({ type: 'error', request_id: requestId, ...frameError(error) });
      active?.generation.cancel();
    }
    this.#sink?.pump();
  }

  #sinkOf(requestId: string): TokenSink {
    return {
      started: ({ promptTokens, cachedTokens }) => {
        this.#add({ type: 'start', request_id: requestId, prompt_tokens: promptTokens, cached_tokens: cachedTokens });
      },
      token: (text, index) => this.#add({ type: 'token', request_id: requestId, index, text }),
      flush: () => this.#sink?.pump(),
      finished: (end) => {
        const { reason, error } = end;
        if (reason === 'error') {
          const cause = error ?? new OpenAiError({ status: 500, message: 'The engine failed.', code: 'engine_error' });
          if (this.#end(requestId, cause.status, true) === undefined) return;
          this.#add({ type: 'error', request_id: requestId, ...frameError(cause) });
        } else {
          if (this.#end(requestId, 200, reason !== 'cancelled') === undefined) return;
          const [usage, metrics] = [toUsage([end]), toMetrics(end)];
          this.#add({ type: 'done', request_id: requestId, finish_reason: reason, usage, metrics });
        }
        this.#sink?.pump();
      },
    };
  }

  #end(requestId: string, status: number, completed: boolean): { readonly generation: Generation } | undefined {
    const active = this.#active.get(requestId);
    this.#active.delete(requestId);
    active?.exchange.end(status, completed);
    return active;
  }

  #add(frame: RequestFrame): void {
    this.log.add(frame);
    // Many tokens may be due at once: what is sent in between cannot fall out of the log unsent.
    if (this.log.lastSeq % UNSENT_FRAMES === 0) this.#sink?.pump();
  }
}

/** An error as frames carry it. */
export function frameError({ status, body }: OpenAiError): FrameError {
  return { status, error: body.error };
}
