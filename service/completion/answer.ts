import type { TokenSink } from '../engine/engine.js';
import type { OpenAiError } from '../errors/openai-error.js';

/** An HTTP response in the making. It ends by itself when every choice has ended. */
export interface Answer {
  /** Where the tokens of one choice go. */
  sinkOf(choice: number): TokenSink;
  /** Ends it now with an error: as the status where none was sent yet, else as a last chunk. Does nothing after the end. */
  fail(error: OpenAiError): void;
  /** From now on nothing is written: the client left, or another answer is given. */
  abandon(): void;
}
