import { type ExitCode, exitCodes } from './exit-code.js';

/**
 * A failure that a person can act on. It is printed as its message and hint, without a stack trace.
 * Every other error is a fault of ours and exits with `internalFault`.
 */
export class GauntletError extends Error {
  /** What to do about it, one sentence or command. */
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'GauntletError';
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? exitCodes.badInput;
  }
}
