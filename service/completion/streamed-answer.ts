import type { Response } from 'express';
import type { GenerationEnd, TokenSink } from '../engine/engine.js';
import type { OpenAiError } from '../errors/openai-error.js';
import { type Answer, type AnswerEnded, engineFailed } from './answer.js';
import type { AnswerHead } from './answer-format.js';
import { ChunkFormat } from './chunk-format.js';
import { EventStream } from './event-stream.js';
import type { Heartbeat } from './heartbeat.js';

/** How an answer is streamed. */
export interface StreamOptions {
  /** Tokens that share a chunk. */
  readonly tokensPerChunk: number;
  /** When the status and the headers leave: a status held back to the first token can still tell of an overflow. */
  readonly headerFlush: 'first-token' | 'immediate';
}

/** An answer sent as server-sent events, one `chat.completion.chunk` each. */
export class StreamedAnswer implements Answer {
  static readonly contentType = EventStream.contentType;
  readonly #res: Response;
  readonly #format: ChunkFormat;
  readonly #choices: number;
  readonly #includeUsage: boolean;
  readonly #options: StreamOptions;
  readonly #stream: EventStream;
  readonly #ended: AnswerEnded;
  readonly #ends: GenerationEnd[] = [];
  #over = false;

  constructor(
    res: Response,
    head: AnswerHead,
    request: { readonly choices: number; readonly includeUsage: boolean; readonly recorded: boolean },
    options: StreamOptions,
    heartbeat: Heartbeat,
    ended: AnswerEnded,
  ) {
    this.#res = res;
    this.#format = new ChunkFormat(head, request.includeUsage);
    this.#choices = request.choices;
    this.#includeUsage = request.includeUsage;
    this.#options = options;
    this.#stream = new EventStream(res, heartbeat, request.recorded);
    this.#ended = ended;
  }

  sinkOf(choice: number): TokenSink {
    const stream = this.#stream;
    const { tokensPerChunk, headerFlush } = this.#options;
    const toChunk = this.#format.texts(choice);
    let greeting = this.#format.greeting(choice);
    let held = '';
    let heldTokens = 0;

    const greet = (): void => {
      if (greeting === '') return;
      stream.add(greeting);
      greeting = '';
    };
    const sendHeld = (): void => {
      if (heldTokens === 0) return;
      stream.add(toChunk(held));
      held = '';
      heldTokens = 0;
    };
    if (headerFlush === 'immediate') {
      // Not before the generation was taken in: until then a refusal can still be told by the status.
      queueMicrotask(() => {
        if (this.#over) return;
        greet();
        stream.flush();
      });
    }
    return {
      started() {},
      prepare: () => {
        if (this.#over) return;
        greet();
        stream.prepare();
      },
      token: (text) => {
        greet();
        held += text;
        heldTokens += 1;
        if (heldTokens >= tokensPerChunk) sendHeld();
      },
      flush: () => {
        if (!this.#over) stream.flush();
      },
      finished: (end) => {
        if (this.#over) return;
        if (end.reason === 'error') {
          this.fail(end.error ?? engineFailed());
          return;
        }
        greet();
        sendHeld();
        stream.add(this.#format.end(choice, end));
        this.#finished(end);
      },
    };
  }

  fail(error: OpenAiError): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#stream.isOpen) {
      this.#stream.add(`data: ${JSON.stringify(error.body)}\n\n${ChunkFormat.done}`);
      this.#stream.end();
    } else if (!this.#res.closed) this.#res.status(error.status).set(error.headers).json(error.body);
    this.#ended(undefined);
  }

  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended(undefined);
  }

  cut(ending: 'reset' | 'clean'): void {
    if (ending === 'reset') this.#res.socket?.resetAndDestroy();
    else this.#stream.endEarly();
  }

  garble(): void {
    this.#stream.add(this.#format.garbled());
  }

  #finished(end: GenerationEnd): void {
    this.#ends.push(end);
    if (this.#ends.length < this.#choices) {
      this.#stream.flush();
      return;
    }
    this.#over = true;
    if (this.#includeUsage) this.#stream.add(this.#format.usage(this.#ends));
    this.#stream.add(ChunkFormat.done);
    const kept = this.#ended(this.#stream.recorded);
    if (kept === undefined) this.#stream.end();
    else void kept.then(() => this.#stream.end());
  }
}
