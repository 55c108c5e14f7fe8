import { OpenAiError } from '../errors/openai-error.js';

/** Every slot and every place in the queue is taken: status 429. */
export class QueueFull extends OpenAiError {
  /** Whole seconds after which a place is likely to be free: what `Retry-After` says. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super({
      status: 429,
      message: `Every slot and every place in the queue is taken; retry after ${retryAfterSeconds} s.`,
      type: 'rate_limit_error',
      code: 'queue_full',
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
