import type { Response } from 'express';
import type { GenerationEnd, TokenSink } from '../engine/engine.js';
import type { OpenAiError } from '../errors/openai-error.js';
import { type Answer, type AnswerEnded, engineFailed } from './answer.js';
import { type AnswerHead, toMetrics, toUsage } from './answer-format.js';
import { EventStream } from './event-stream.js';
import type { Heartbeat } from './heartbeat.js';

/** How an answer is streamed. */
export interface StreamOptions {
  /** Tokens that share a chunk. */
  readonly tokensPerChunk: number;
  /** When the status and the headers leave: a status held back to the first token can still tell of an overflow. */
  readonly headerFlush: 'first-token' | 'immediate';
}

const DONE = 'data: [DONE]\n\n';

/** An answer sent as server-sent events, one `chat.completion.chunk` each. */
export class StreamedAnswer implements Answer {
  static readonly contentType = EventStream.contentType;
  readonly #res: Response;
  readonly #head: AnswerHead;
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
    this.#head = head;
    this.#choices = request.choices;
    this.#includeUsage = request.includeUsage;
    this.#options = options;
    this.#stream = new EventStream(res, heartbeat, request.recorded);
    this.#ended = ended;
  }

  sinkOf(choice: number): TokenSink {
    const stream = this.#stream;
    const { tokensPerChunk, headerFlush } = this.#options;
    // Everything around a token's text is the same in every chunk of a choice, so it is serialized once.
    const before = `${this.#chunkStart()}"choices":[{"index":${choice},"delta":{"content":`;
    const after = `},"logprobs":null,"finish_reason":null}]${this.#includeUsage ? ',"usage":null' : ''}}\n\n`;
    const greeting = this.#chunk(choice, { role: 'assistant', content: '', refusal: null }, null);
    let held = '';
    let heldTokens = 0;
    let greeted = false;

    const greet = (): void => {
      if (greeted) return;
      greeted = true;
      stream.add(greeting);
    };
    const sendHeld = (): void => {
      if (heldTokens === 0) return;
      stream.add(before + JSON.stringify(held) + after);
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
        stream.add(this.#chunk(choice, {}, end));
        this.#finished(end);
      },
    };
  }

  fail(error: OpenAiError): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#stream.isOpen) {
      this.#stream.add(`data: ${JSON.stringify(error.body)}\n\n${DONE}`);
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
    this.#stream.add(`${this.#chunkStart()}"choices":[{"index":0,"delta":{"conte\n\n`);
  }

  #finished(end: GenerationEnd): void {
    this.#ends.push(end);
    if (this.#ends.length < this.#choices) {
      this.#stream.flush();
      return;
    }
    this.#over = true;
    if (this.#includeUsage) {
      this.#stream.add(`${this.#chunkStart()}"choices":[],"usage":${JSON.stringify(toUsage(this.#ends))}}\n\n`);
    }
    this.#stream.add(DONE);
    const kept = this.#ended(this.#stream.recorded);
    if (kept === undefined) this.#stream.end();
    else void kept.then(() => this.#stream.end());
  }

  #chunk(choice: number, delta: object, end: GenerationEnd | null): string {
    const choices = [{ index: choice, delta, logprobs: null, finish_reason: end?.reason ?? null }];
    const metrics = end === null ? '' : `,"metrics":${JSON.stringify(toMetrics(end))}`;
    const usage = this.#includeUsage ? ',"usage":null' : '';
    return `${this.#chunkStart()}"choices":${JSON.stringify(choices)}${metrics}${usage}}\n\n`;
  }

  #chunkStart(): string {
    const { id, created, model } = this.#head;
    return `data: {"id":"${id}","object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)},`;
  }
}
