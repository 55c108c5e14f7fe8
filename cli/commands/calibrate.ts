import { relative, resolve } from 'node:path';
import { checkCalibrateOptions } from '../../harness/config/calibrate-options.js';
import type { ExitCode } from '../../harness/errors/exit-code.js';
import { writeAtomically } from '../../reports/write-atomically.js';
import { interruptSignal } from '../interrupt.js';
import { chooseView } from '../output/choose-view.js';
import { printCalibration } from '../output/print-calibration.js';
import { outcomeExitCode } from '../output/print-outcome.js';
import { runName } from '../run-name.js';
import { unwritablePlaces } from '../unwritable-places.js';

/** What the command line gives for `gauntlet calibrate`; everything in it is still to be checked. */
interface RawOptions {
  readonly out?: string;
  readonly json?: string;
  readonly [option: string]: unknown;
}

/** `gauntlet calibrate`: finds out how exactly the load generator measures on this machine. */
export async function calibrateCommand(raw: RawOptions): Promise<ExitCode> {
  const options = checkCalibrateOptions(
    raw,
    await unwritablePlaces([
      { name: '--out', kind: 'folder', path: raw.out },
      { name: '--json', kind: 'file', path: raw.json },
    ]),
  );
  // Only now: loading what a calibration needs takes longer than refusing a slip of the keyboard.
  const { performCalibration } = await import('../perform-calibration.js');
  const { sweep } = await import('../../stack/runtimes/sweep.js');
  const view = chooseView();
  const signal = interruptSignal(() => view.interrupted());
  const calibration = `calibration-${runName(new Date())}`;
  const folder = resolve(options.out, calibration);
  try {
    const swept = await sweep();
    if (swept.length > 0) view.note(`ended what an earlier run left behind: ${swept.join(', ')}`);
    const { short, seed } = options;
    const mode = short ? 'short' : 'full';
    const result = await performCalibration({ calibration, folder, mode, seed, view, signal });
    view.close();
    if (options.json !== undefined) {
      await writeAtomically(resolve(options.json), `${JSON.stringify(result, null, 2)}\n`);
    }
    printCalibration(result, relative(process.cwd(), folder) || folder);
    return outcomeExitCode(result.outcome);
  } finally {
    view.close();
  }
}
