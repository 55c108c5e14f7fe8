import type { TokenSink } from '../engine/engine.js';
import { OpenAiError } from '../errors/openai-error.js';
import type { DisturbableAnswer } from '../faults/disturb-sink.js';

/** An HTTP response in the making. It ends by itself when every choice has ended. */
export interface Answer extends DisturbableAnswer {
  /** Where the tokens of one choice go. */
  sinkOf(choice: number): TokenSink;
  /** Ends it now with an error: as the status where none was sent yet, else as a last chunk. Does nothing after the end. */
  fail(error: OpenAiError): void;
  /** From now on nothing is written: the client left, or another answer is given. */
  abandon(): void;
}

/**
 * Told once how an answer ends: with its whole body, or with nothing when it failed. The end of the body is sent when
 * the promise is resolved, if there is one: a client that has the answer must find it kept. It never rejects.
 */
export type AnswerEnded = (body: string | undefined) => Promise<void> | undefined;

/** What a client is told when the engine gives no reason. */
export function engineFailed(): OpenAiError {
  return new OpenAiError({ status: 500, message: 'The engine failed.', code: 'engine_error' });
}
