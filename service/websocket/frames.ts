import { z } from 'zod';
import type { OpenAiError } from '../errors/openai-error.js';

/**
 * What a client may send, one JSON object a message. The fields of `chat` are those of a chat completion, which are
 * read by the same rules.
 */
export const clientFrame = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('chat'), request_id: z.string().min(1).max(200).optional() }),
  z.strictObject({ type: z.literal('cancel'), request_id: z.string() }),
  z.strictObject({ type: z.literal('resume'), session_id: z.string(), after: z.int().min(0) }),
]);

/** A frame of a client. */
export type ClientFrame = z.infer<typeof clientFrame>;

/** The `error` of an error frame, in OpenAI's shape, and the status that HTTP would have had. */
export interface FrameError {
  readonly status: number;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
  /** When it is worth trying again, in milliseconds from now; only where that is known. */
  readonly retry_after_ms?: number;
}

/** An error as frames carry it. */
export function frameError({ status, body, headers }: OpenAiError): FrameError {
  const ms = headers['retry-after-ms'] ?? Number(headers['Retry-After']) * 1000;
  return { status, error: body.error, ...(Number.isFinite(Number(ms)) && { retry_after_ms: Number(ms) }) };
}

/**
 * What is sent about a request. In the session it gets `seq`, counted from 1 over all its requests: a client that
 * remembers the last one can have what came after it sent again.
 */
export type RequestFrame =
  | {
      readonly type: 'start';
      readonly request_id: string;
      readonly prompt_tokens: number;
      readonly cached_tokens: number;
    }
  | { readonly type: 'token'; readonly request_id: string; readonly index: number; readonly text: string }
  | {
      readonly type: 'done';
      readonly request_id: string;
      readonly finish_reason: string;
      readonly usage: object;
      readonly metrics: object;
    }
  | ({ readonly type: 'error'; readonly request_id: string } & FrameError);

/** What is sent about the connection, or about a request that was not taken in; it has no `seq`. */
export type ConnectionFrame =
  | {
      readonly type: 'session';
      readonly session_id: string;
      readonly instance: string;
      readonly version: string;
      readonly resumed: boolean;
      /** The last `seq` of the session so far. */
      readonly seq: number;
    }
  | ({ readonly type: 'error'; readonly request_id: string | null } & FrameError);
