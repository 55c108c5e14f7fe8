import { OpenAiError } from '../errors/openai-error.js';

/** A finished answer, as it is replayed. */
export interface RecordedAnswer {
  readonly contentType: string;
  readonly body: string;
}

/** What became of the claim of a key: an answer to replay, or the duty to keep one or to let the key go. */
export type Claim =
  | { readonly answer: RecordedAnswer }
  | {
      /** The request was executed: whoever comes with this key gets this answer. */
      keep(answer: RecordedAnswer): Promise<void>;
      /** The request was not executed, or failed: the key is free again. */
      release(): Promise<void>;
    };

/** Which requests with an `Idempotency-Key` were executed, so that none is executed twice. */
export interface IdempotencyStore {
  /**
   * Claims a key for a request that `fingerprint` identifies.
   * @throws OpenAiError 409 while the request runs, 422 when the key was used for another request.
   */
  claim(key: string, fingerprint: string): Promise<Claim>;
  /** Stops what it does in the background. */
  close(): void;
}

/** A request with the same key is being executed. */
export function inFlight(): OpenAiError {
  return new OpenAiError({
    status: 409,
    message: 'A request with this Idempotency-Key is being executed; ask again for its answer later.',
    code: 'idempotency_key_in_use',
    headers: { 'Retry-After': '1' },
  });
}

/** The key belongs to a request with another body. */
export function keyReused(): OpenAiError {
  return new OpenAiError({
    status: 422,
    message: 'This Idempotency-Key was used for another request; use a new key for each request.',
    code: 'idempotency_key_reused',
  });
}
