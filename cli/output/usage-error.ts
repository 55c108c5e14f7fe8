import type { CommanderError } from 'commander';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';

/** Commander's complaint about a command line as our own error: one sentence, and a hint that names the right page. */
export function usageError({ message }: CommanderError, command: string | undefined): GauntletError {
  const [sentence = '', question] = message.replace(/^error: /, '').split('\n');
  const meant = question === undefined ? '' : ` ${question.replace('(Did', '(did')}`;
  const page = ['gauntlet', command, '--help'].filter((word) => word !== undefined).join(' ');
  return new GauntletError(`${sentence.replace(/\.$/, '')}${meant}.`, { hint: `${page} shows what can be typed.` });
}
