import { dirname, join, relative, resolve } from 'node:path';
import { catalogue } from '../../chaos/experiments/catalogue.js';
import type { FinishedRun } from '../../chaos/experiments/run-experiments.js';
import { checkRunOptions } from '../../harness/config/run-options.js';
import type { ExitCode } from '../../harness/errors/exit-code.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { runFiles } from '../../harness/model/recording.js';
import { openHistory } from '../../reports/history/open-history.js';
import { writeRun } from '../../reports/write-run.js';
import { traefikVersions } from '../../stack/binaries/pins.js';
import { interruptSignal } from '../interrupt.js';
import { ensureNativeParts } from '../native-parts.js';
import { chooseView } from '../output/choose-view.js';
import { outcomeExitCode, printOutcome } from '../output/print-outcome.js';
import { runName } from '../run-name.js';
import { unwritablePlaces } from '../unwritable-places.js';

/** What the command line gives for `gauntlet run`; everything in it is still to be checked. */
interface RawOptions {
  readonly out?: string;
  readonly json?: string;
  readonly [option: string]: unknown;
}

/** `gauntlet run`: records experiments on a stack of their own, judges them and writes the report. */
export async function runCommand(words: readonly string[], raw: RawOptions): Promise<ExitCode> {
  const options = checkRunOptions(
    words,
    raw,
    { experiments: catalogue.map((experiment) => experiment.id), traefik: traefikVersions },
    await unwritablePlaces([
      { name: '--out', kind: 'folder', path: raw.out },
      { name: '--json', kind: 'file', path: raw.json },
    ]),
  );
  // Only now: loading what a run needs takes longer than refusing a slip of the keyboard.
  const { performRun } = await import('../perform-run.js');
  const run = runName(new Date());
  const folder = resolve(options.out, run);
  const view = chooseView();
  const signal = interruptSignal(() => view.interrupted());
  let finished: FinishedRun;
  try {
    finished = await performRun({ run, folder, options, view, signal });
  } finally {
    view.close();
  }
  if (options.json !== undefined) await writeRun(resolve(options.json), finished.run);
  printOutcome(finished.run, finished.asserted, relative(process.cwd(), folder) || folder);
  // After the verdict: on a fresh machine the history's native part may have to be compiled first.
  await ensureNativeParts(signal, (what) => process.stderr.write(`${what}\n`));
  await remember(finished, folder, dirname(folder));
  return outcomeExitCode(finished.run.outcome, finished.asserted);
}

/** Keeps the run in the history beside the run folders. A history that cannot be kept does not change the outcome. */
async function remember({ run }: FinishedRun, folder: string, out: string): Promise<void> {
  try {
    using history = await openHistory(join(out, 'history.sqlite'));
    history.record(run, folder);
  } catch (error) {
    if (!(error instanceof GauntletError)) throw error;
    process.stderr.write(`gauntlet: the run is complete (${runFiles.run}), but not in the history: ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`  hint: ${error.hint}\n`);
  }
}
