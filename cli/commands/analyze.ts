import { relative, resolve } from 'node:path';
import { catalogue } from '../../chaos/experiments/catalogue.js';
import { writeReports } from '../../chaos/experiments/run-experiments.js';
import type { ExitCode } from '../../harness/errors/exit-code.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { writeRun } from '../../reports/write-run.js';
import { outcomeExitCode, printOutcome } from '../output/print-outcome.js';
import { unwritablePlaces } from '../unwritable-places.js';

/** `gauntlet analyze`: judges a recorded run again and rewrites its reports. */
export async function analyzeCommand(folder: string, options: { json?: string }): Promise<ExitCode> {
  const problems = await unwritablePlaces([{ name: '--json', kind: 'file', path: options.json }]);
  if (problems.length > 0) {
    throw new GauntletError(`${problems.join('\n')}.`, { hint: 'Choose a file that you may write to.' });
  }
  const run = await writeReports(resolve(folder), catalogue);
  if (options.json !== undefined) await writeRun(resolve(options.json), run);
  printOutcome(run, undefined, relative(process.cwd(), folder) || folder);
  return outcomeExitCode(run.outcome);
}
