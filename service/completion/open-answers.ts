import type { OpenAiError } from '../errors/openai-error.js';
import type { Answer } from './answer.js';

/** The answers in the making of one instance, so that a drain can end them. */
export class OpenAnswers {
  readonly #open = new Set<Answer>();

  get size(): number {
    return this.#open.size;
  }

  add(answer: Answer): void {
    this.#open.add(answer);
  }

  delete(answer: Answer): void {
    this.#open.delete(answer);
  }

  /** Ends every one with an error: a stream gets an error chunk and `[DONE]`, what has no status yet gets one. */
  failAll(error: OpenAiError): void {
    for (const answer of this.#open) answer.fail(error);
  }
}
