import { type ExitCode, exitCodes } from '../../harness/errors/exit-code.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';

/** Prints an error as a person should see it, and returns the exit code that belongs to it. */
export function printError(error: unknown): ExitCode {
  if (error instanceof GauntletError) {
    process.stderr.write(`gauntlet: ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`  hint: ${error.hint}\n`);
    return error.exitCode;
  }
  if (error instanceof Error && error.name === 'AbortError') {
    process.stderr.write('gauntlet: interrupted; everything that was started has been stopped.\n');
    return exitCodes.interrupted;
  }
  if (isNoSpace(error)) {
    process.stderr.write(`gauntlet: the disk is full (${error.message}).\n`);
    process.stderr.write('  hint: Free some space, or choose another disk with --out and XDG_CACHE_HOME.\n');
    return exitCodes.badInput;
  }
  process.stderr.write(`gauntlet: internal fault. Please report it with these lines:\n`);
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.internalFault;
}

function isNoSpace(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
