/** What a fault does to one request. Times are milliseconds; tokens count from 0. */
export type FaultEffect =
  /** Answers with a status of its own, 400 to 599, and says when to come again. */
  | ({ readonly kind: 'status'; readonly status: number } & RetryHint)
  /** Answers with one of these failures, drawn. */
  | { readonly kind: 'failure'; readonly types: readonly FailureType[] }
  /** Sends nothing for so long, then serves the request. */
  | { readonly kind: 'header-hang'; readonly forMs: number }
  /** Sends nothing for so long when the token is due. */
  | { readonly kind: 'stream-stall'; readonly atToken: number; readonly forMs: number }
  /** Ends the connection before the token: with a reset, or as if the answer were complete. */
  | { readonly kind: 'stream-cut'; readonly atToken: number; readonly ending: 'reset' | 'clean' }
  /** Sends JSON that ends in the middle before the token. */
  | { readonly kind: 'malformed-chunk'; readonly atToken: number }
  /** Ends the answer with an error instead of the token. */
  | { readonly kind: 'error-chunk'; readonly atToken: number }
  /** Multiplies every delay of the answer. */
  | { readonly kind: 'slow-tokens'; readonly factor: number }
  /** Keeps one core busy beside the service for so long. */
  | { readonly kind: 'cpu-burn'; readonly forMs: number }
  /** Lets nothing else run in the service for so long. */
  | { readonly kind: 'event-loop-block'; readonly forMs: number }
  /** Keeps so many bytes until the fault is removed. */
  | { readonly kind: 'memory-growth'; readonly bytes: number }
  /** Keeps the write lock of the history's file for so long. */
  | { readonly kind: 'sqlite-lock'; readonly forMs: number };

/** When a client is told to come again: the headers `Retry-After` and `retry-after-ms`, each sent only if given. */
export interface RetryHint {
  readonly retryAfterSeconds?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Which requests to `/v1/` suffer a fault: those that fit every condition given. */
export interface FaultTrigger {
  /** At most so many; without it, until the fault is removed. */
  readonly count?: number | undefined;
  /** This share of them, 0 to 1, drawn for each. */
  readonly rate?: number | undefined;
  /** Those with this header, and with this value where one is given. */
  readonly header?: { readonly name: string; readonly value?: string | undefined } | undefined;
}

/** A fault as it is asked for. */
export type Fault = FaultEffect & FaultTrigger;

/** Failures with the names that llm-d-inference-sim gives them. */
export const failureTypes = [
  'rate_limit',
  'invalid_api_key',
  'context_length',
  'server_error',
  'invalid_request',
  'model_not_found',
] as const;

export type FailureType = (typeof failureTypes)[number];
