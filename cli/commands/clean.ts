import { type ExitCode, exitCodes } from '../../harness/errors/exit-code.js';
import { sweep } from '../../stack/runtimes/sweep.js';

/** `gauntlet clean`: ends what dead runs and kept stacks left behind. Running ones are left alone. */
export async function cleanCommand(): Promise<ExitCode> {
  const swept = await sweep();
  process.stdout.write(swept.length === 0 ? 'Nothing was left behind.\n' : `Ended ${swept.join(', ')}.\n`);
  return exitCodes.pass;
}
