import type { GenerationEnd } from '../engine/engine.js';
import { type AnswerHead, toMetrics, toUsage } from './answer-format.js';

/** The events of one streamed answer, as text: each a `chat.completion.chunk`, ended by an empty line. */
export class ChunkFormat {
  /** What follows the last chunk. */
  static readonly done = 'data: [DONE]\n\n';
  readonly #start: string;
  readonly #usage: string;

  /** @param includeUsage whether the client asked for a chunk of usage; all others then say that they have none. */
  constructor({ id, created, model }: AnswerHead, includeUsage: boolean) {
    this.#start =
      `data: {"id":"${id}","object":"chat.completion.chunk","created":${created},` +
      `"model":${JSON.stringify(model)},`;
    this.#usage = includeUsage ? ',"usage":null' : '';
  }

  /** The chunk that names the role. */
  greeting(choice: number): string {
    return this.#chunk(choice, { role: 'assistant', content: '', refusal: null }, null);
  }

  /** Makes the chunks of text of one choice: all but the text is the same in each, so it is serialized once. */
  texts(choice: number): (text: string) => string {
    const before = `${this.#start}"choices":[{"index":${choice},"delta":{"content":`;
    const after = `},"logprobs":null,"finish_reason":null}]${this.#usage}}\n\n`;
    return (text) => before + JSON.stringify(text) + after;
  }

  /** The last chunk of a choice, with its metrics. */
  end(choice: number, end: GenerationEnd): string {
    return this.#chunk(choice, {}, end);
  }

  usage(ends: readonly GenerationEnd[]): string {
    return `${this.#start}"choices":[],"usage":${JSON.stringify(toUsage(ends))}}\n\n`;
  }

  /** A chunk whose JSON ends in the middle. */
  garbled(): string {
    return `${this.#start}"choices":[{"index":0,"delta":{"conte\n\n`;
  }

  #chunk(choice: number, delta: object, end: GenerationEnd | null): string {
    const choices = [{ index: choice, delta, logprobs: null, finish_reason: end?.reason ?? null }];
    const metrics = end === null ? '' : `,"metrics":${JSON.stringify(toMetrics(end))}`;
    return `${this.#start}"choices":${JSON.stringify(choices)}${metrics}${this.#usage}}\n\n`;
  }
}
