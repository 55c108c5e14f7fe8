import type { Engine } from '../engine/engine.js';
import { OpenAiError } from '../errors/openai-error.js';
import type { OpenExchange } from '../exchanges.js';
import { ChatAnswer, type FrameWriter, type PreparedChat } from './chat-answer.js';
import { FrameLog } from './frame-log.js';

/** Requests of one session that may be answered at the same time. */
const MAX_ANSWERS = 8;
/** Frames that are gathered before they are sent, at most. */
const UNSENT_FRAMES = 32;

/** The connection to which a session's frames go. */
export interface FrameSink {
  /** Sends as much as the client can take of what it has not been sent. */
  pump(): void;
  /** Another connection has taken the session over. */
  superseded(): void;
  /** Ends the connection, as a fault: with a reset, or as if everything were said. */
  cut(ending: 'reset' | 'clean'): void;
}

/** A conversation over one or, after a lost connection, several WebSockets. */
export class ChatSession {
  readonly id: string;
  readonly log: FrameLog;
  readonly #engine: Engine;
  readonly #answers = new Map<string, ChatAnswer>();
  readonly #writer: FrameWriter = {
    add: (frame) => {
      this.log.add(frame);
      // Many tokens may be due at once: what is sent in between cannot fall out of the log unsent.
      if (this.log.lastSeq % UNSENT_FRAMES === 0) this.#sink?.pump();
    },
    garble: () => this.log.addGarbled(),
    pump: () => this.#sink?.pump(),
    cut: (ending) => this.#sink?.cut(ending),
    answered: (requestId) => this.#answers.delete(requestId),
  };
  #sink: FrameSink | undefined;

  constructor(id: string, engine: Engine, replayFrames: number) {
    this.id = id;
    this.log = new FrameLog(replayFrames);
    this.#engine = engine;
  }

  /** Whether an answer is in the making. */
  get isBusy(): boolean {
    return this.#answers.size > 0;
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
    if (this.#answers.has(requestId)) {
      throw new OpenAiError({
        status: 409,
        message: `The request ${requestId} is being answered.`,
        param: 'request_id',
        code: 'request_in_progress',
      });
    }
    if (this.#answers.size >= MAX_ANSWERS) {
      throw new OpenAiError({
        status: 429,
        message: `${MAX_ANSWERS} requests of this session are being answered.`,
        type: 'rate_limit_error',
        code: 'too_many_requests',
      });
    }
    const answer = new ChatAnswer(requestId, exchange, this.#writer);
    this.#answers.set(requestId, answer);
    prepare(answer.ended)
      .then((chat) => answer.generate(this.#engine, chat))
      .catch((error: unknown) => {
        if (!(error instanceof OpenAiError)) throw error;
        answer.fail(error);
      });
  }

  /** Ends one request, or every one, whose answer nobody waits for. */
  cancel(requestId?: string): void {
    for (const answer of [...this.#answers.values()]) {
      if (requestId === undefined || answer.requestId === requestId) answer.cancel();
    }
  }

  /** Ends every request with an error. */
  failAll(error: OpenAiError): void {
    for (const answer of [...this.#answers.values()]) answer.fail(error);
  }
}
