import { access, constants, mkdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { catalogue } from '../../chaos/experiments/catalogue.js';
import { type FinishedRun, runExperiments } from '../../chaos/experiments/run-experiments.js';
import { checkRunOptions, type RunOptions } from '../../harness/config/run-options.js';
import type { ExitCode } from '../../harness/errors/exit-code.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import type { Experiment } from '../../harness/model/experiment.js';
import { runFiles } from '../../harness/model/recording.js';
import { openHistory } from '../../reports/history/open-history.js';
import { writeRun } from '../../reports/write-run.js';
import { type TraefikVersion, traefikVersions } from '../../stack/binaries/pins.js';
import { prepareRuntime } from '../../stack/prepare-runtime.js';
import { sweep } from '../../stack/runtimes/sweep.js';
import { interruptSignal } from '../interrupt.js';
import { ensureNativeParts } from '../native-parts.js';
import { chooseView } from '../output/choose-view.js';
import { outcomeExitCode, printOutcome } from '../output/print-outcome.js';
import type { RunView } from '../output/run-view.js';

/** `gauntlet run`: records experiments on a stack of their own, judges them and writes the report. */
export async function runCommand(ids: readonly string[], raw: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const options = checkRunOptions(
    { ...raw, experiments: ids },
    { experiments: catalogue.map((experiment) => experiment.id), traefik: traefikVersions },
  );
  await checkWritable(options);
  const signal = interruptSignal();
  const experiments = catalogue.filter((experiment) => options.experiments.includes(experiment.id));
  const run = runName(new Date());
  const folder = resolve(options.out, run);
  const view = chooseView();
  let finished: FinishedRun;
  try {
    finished = await record(experiments, { run, folder, options, view, signal });
  } finally {
    await view.close();
  }
  if (options.json !== undefined) await writeRun(resolve(options.json), finished.run);
  await remember(finished, folder, dirname(folder));
  printOutcome(finished.run, finished.asserted, relative(process.cwd(), folder) || folder);
  return outcomeExitCode(finished.run.outcome, finished.asserted);
}

async function record(
  experiments: readonly Experiment[],
  {
    run,
    folder,
    options,
    view,
    signal,
  }: {
    run: string;
    folder: string;
    options: RunOptions;
    view: RunView;
    signal: AbortSignal;
  },
): Promise<FinishedRun> {
  const swept = await sweep();
  if (swept.length > 0) view.note(`ended what an earlier run left behind: ${swept.join(', ')}`);
  const [prepared] = await Promise.all([
    prepareRuntime({
      run,
      folder,
      choice: options.runtime,
      traefik: options.traefik as TraefikVersion,
      firstPort: options.firstPort,
      keep: options.keep,
      signal,
      onProgress: (progress) => view.preparing(progress),
    }),
    ensureNativeParts(signal, (what) => view.note(what)),
  ]);
  view.note(`runtime ${prepared.runtime.name}: ${prepared.reason}`);
  return runExperiments(experiments, {
    run,
    folder,
    seed: options.seed,
    runtime: prepared.runtime,
    versions: prepared.versions,
    signal,
    onEvent: (event) => view.recording(event, experiments),
    onRecorded: () => view.note('recorded; judging the evidence'),
  });
}

/** A name that sorts by time and is safe in file names and container names. */
function runName(now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${stamp}-${process.pid.toString(36)}`;
}

/** @throws GauntletError naming every place that cannot be written, before anything is started */
async function checkWritable({ out, json }: RunOptions): Promise<void> {
  const places = [
    { flag: '--out', folder: resolve(out) },
    ...(json === undefined ? [] : [{ flag: '--json', folder: dirname(resolve(json)) }]),
  ];
  const problems = await Promise.all(
    places.map(async ({ flag, folder }) => {
      try {
        await mkdir(folder, { recursive: true });
        await access(folder, constants.W_OK);
        return [];
      } catch (error) {
        return [`${flag}: ${folder} cannot be written (${(error as NodeJS.ErrnoException).code})`];
      }
    }),
  );
  const all = problems.flat();
  if (all.length > 0) throw new GauntletError(`${all.join('\n')}.`, { hint: 'Choose a folder that you may write to.' });
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
