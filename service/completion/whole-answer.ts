import type { Response } from 'express';
import type { GenerationEnd, TokenSink } from '../engine/engine.js';
import { OpenAiError } from '../errors/openai-error.js';
import type { Answer } from './answer.js';
import { type AnswerHead, toMetrics, toUsage } from './answer-format.js';

/** An answer sent as one `chat.completion`. */
export class WholeAnswer implements Answer {
  readonly #res: Response;
  readonly #head: AnswerHead;
  readonly #choices: number;
  readonly #texts: string[];
  readonly #ends = new Map<number, GenerationEnd>();
  #over = false;

  constructor(res: Response, head: AnswerHead, choices: number) {
    this.#res = res;
    this.#head = head;
    this.#choices = choices;
    this.#texts = Array.from({ length: choices }, () => '');
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
    this.#res.status(error.status).set(error.headers).json(error.body);
  }

  abandon(): void {
    this.#over = true;
  }

  #finished(choice: number, end: GenerationEnd): void {
    if (end.reason === 'error') {
      this.fail(end.error ?? new OpenAiError({ status: 500, message: 'The engine failed.', code: 'engine_error' }));
    }
    this.#ends.set(choice, end);
    if (this.#over || this.#ends.size < this.#choices) return;
    this.#over = true;
    // In the order in which they ended: the last one says how long the whole took.
    const ends = [...this.#ends.values()];
    const last = ends.at(-1) ?? end;
    this.#res.json({
      ...this.#headOf(),
      choices: this.#texts.map((content, index) => ({
        index,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: this.#ends.get(index)?.reason,
      })),
      usage: toUsage(ends),
      metrics: toMetrics(last),
    });
  }

  #headOf(): object {
    const { id, created, model } = this.#head;
    return { id, object: 'chat.completion', created, model };
  }
}
