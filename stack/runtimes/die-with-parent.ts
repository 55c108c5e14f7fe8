import { existsSync } from 'node:fs';

const setpriv = '/usr/bin/setpriv';

/** An executable with its arguments. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * The same command, but ended by the kernel when its parent dies, even by `kill -9`. Only Linux can, by `setpriv` of
 * util-linux, which hands its process on to the command; elsewhere the command comes back as it is, and what a killed
 * parent leaves is ended by the next sweep.
 */
export function dieWithParent(command: Command): Command {
  if (process.platform !== 'linux' || !existsSync(setpriv)) return command;
  return { file: setpriv, args: ['--pdeathsig', 'KILL', '--', command.file, ...command.args] };
}
