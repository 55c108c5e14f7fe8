import { CommanderError } from 'commander';
import { type ExitCode, exitCodes } from '../harness/errors/exit-code.js';
import { printError } from './output/print-error.js';
import { buildProgram } from './program.js';

/** Runs one `gauntlet` command and returns its exit code. Never throws. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.pass;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed its message by itself; asking for help or the version is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.badInput;
    return printError(error);
  }
}
