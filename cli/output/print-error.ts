import { type ExitCode, exitCodes } from '../../harness/errors/exit-code.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';

/** Prints an error as a person should see it, and returns the exit code that belongs to it. */
export function printError(
  error: unknown,
  write: (text: string) => void = (text) => process.stderr.write(text),
): ExitCode {
  if (isSuppressed(error)) {
    // The body failed, and then the cleaning up: what came first is the cause.
    const exitCode = printError(error.suppressed, write);
    write(`gauntlet: ending what was started failed as well: ${messageOf(error.error)}\n`);
    write('  hint: gauntlet clean ends what is left.\n');
    return exitCode;
  }
  if (error instanceof GauntletError) {
    write(`gauntlet: ${error.message}\n`);
    for (const line of error.hint?.split('\n') ?? []) write(`  hint: ${line}\n`);
    return error.exitCode;
  }
  if (error instanceof Error && error.name === 'AbortError') {
    // A wait that was cut short says why: by a person, or by an error elsewhere.
    if (error.cause instanceof Error && error.cause.name !== 'AbortError') return printError(error.cause, write);
    write('gauntlet: interrupted; everything that was started has been stopped.\n');
    return exitCodes.interrupted;
  }
  if (isNoSpace(error)) {
    write(`gauntlet: the disk is full (${error.message}).\n`);
    write('  hint: Free some space, or choose another disk with --out and XDG_CACHE_HOME.\n');
    return exitCodes.badInput;
  }
  write('gauntlet: internal fault. Please report it with these lines:\n');
  write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.internalFault;
}

/** What `await using` throws when both the body and the disposal failed. Node 20 has no class of that name. */
function isSuppressed(error: unknown): error is Error & { readonly error: unknown; readonly suppressed: unknown } {
  return error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error && 'error' in error;
}

function isNoSpace(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
