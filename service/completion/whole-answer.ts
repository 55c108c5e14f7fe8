import type { Response } from 'express';
import type { GenerationEnd, TokenSink } from '../engine/engine.js';
import type { OpenAiError } from '../errors/openai-error.js';
import { type Answer, type AnswerEnded, engineFailed } from './answer.js';
import { type AnswerHead, toMetrics, toUsage } from './answer-format.js';

/** An answer sent as one `chat.completion`. */
export class WholeAnswer implements Answer {
  static readonly contentType = 'application/json; charset=utf-8';
  readonly #res: Response;
  readonly #head: AnswerHead;
  readonly #texts: string[];
  readonly #ended: AnswerEnded;
  readonly #ends = new Map<number, GenerationEnd>();
  #over = false;
  #garbled = false;

  constructor(res: Response, head: AnswerHead, choices: number, ended: AnswerEnded) {
    this.#res = res;
    this.#head = head;
    this.#texts = Array.from({ length: choices }, () => '');
    this.#ended = ended;
  }

  sinkOf(choice: number): TokenSink {
    return {
      started() {},
      token: (text) => {
        this.#texts[choice] += text;
      },
      finished: (end) => this.#finished(choice, end),
    };
  }

  fail(error: OpenAiError): void {
    if (this.#over) return;
    this.#over = true;
    if (!this.#res.closed) this.#res.status(error.status).set(error.headers).json(error.body);
    this.#ended(undefined);
  }

  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended(undefined);
  }

  cut(ending: 'reset' | 'clean'): void {
    const { socket } = this.#res;
    if (ending === 'reset') socket?.resetAndDestroy();
    else socket?.end();
  }

  garble(): void {
    this.#garbled = true;
  }

  #finished(choice: number, end: GenerationEnd): void {
    if (end.reason === 'error') this.fail(end.error ?? engineFailed());
    this.#ends.set(choice, end);
    if (this.#over || this.#ends.size < this.#texts.length) return;
    this.#over = true;
    const body = JSON.stringify(this.#body([...this.#ends.values()], end));
    const send = (): void => {
      const sent = this.#garbled ? body.slice(0, body.length / 2) : body;
      if (!this.#res.closed) this.#res.type(WholeAnswer.contentType).send(sent);
    };
    const kept = this.#ended(body);
    if (kept === undefined) send();
    else void kept.then(send);
  }

  #body(ends: readonly GenerationEnd[], last: GenerationEnd): object {
    const { id, created, model } = this.#head;
    return {
      id,
      object: 'chat.completion',
      created,
      model,
      choices: this.#texts.map((content, index) => ({
        index,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: this.#ends.get(index)?.reason,
      })),
      usage: toUsage(ends),
      // Of the choice that ended last: it says how long the whole took.
      metrics: toMetrics(last),
    };
  }
}
