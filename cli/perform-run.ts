import { catalogue } from '../chaos/experiments/catalogue.js';
import { type FinishedRun, runExperiments } from '../chaos/experiments/run-experiments.js';
import type { RunOptions } from '../harness/config/run-options.js';
import type { TraefikVersion } from '../stack/binaries/pins.js';
import { prepareRuntime } from '../stack/prepare-runtime.js';
import { sweep } from '../stack/runtimes/sweep.js';
import { besideNativeParts } from './native-parts.js';
import type { RunView } from './output/run-view.js';

/** Prepares a runtime and runs the experiments that were chosen, from recording to reports. */
export async function performRun({
  run,
  folder,
  options,
  view,
  signal,
}: {
  readonly run: string;
  readonly folder: string;
  readonly options: RunOptions<TraefikVersion>;
  readonly view: RunView;
  readonly signal: AbortSignal;
}): Promise<FinishedRun> {
  const swept = await sweep();
  if (swept.length > 0) view.note(`ended what an earlier run left behind: ${swept.join(', ')}`);
  const prepared = await besideNativeParts(
    () =>
      prepareRuntime({
        run,
        folder,
        choice: options.runtime,
        traefik: options.traefik,
        firstPort: options.firstPort,
        keep: options.keep,
        signal,
        onProgress: (progress) => view.preparing(progress),
      }),
    signal,
    (what) => view.note(what),
  );
  view.note(`runtime ${prepared.runtime.name}: ${prepared.reason}`);
  const experiments = catalogue.filter((experiment) => options.experiments.includes(experiment.id));
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
