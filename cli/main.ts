import { CommanderError } from 'commander';
import { type ExitCode, exitCodes } from '../harness/errors/exit-code.js';
import { printError } from './output/print-error.js';
import { usageError } from './output/usage-error.js';
import { buildProgram } from './program.js';

/** Runs one `gauntlet` command and returns its exit code. Never throws. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  // A reader that has gone away (`| head`) or a closed terminal changes nothing about the run.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let exitCode: ExitCode = exitCodes.pass;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return printError(error);
    // Asking for help or the version is no error; without a command, the help is the answer.
    if (error.exitCode === 0) return exitCodes.pass;
    if (error.code === 'commander.help') return exitCodes.badInput;
    return printError(usageError(error, program.commands.find((each) => each.name() === args[0])?.name()));
  }
}
