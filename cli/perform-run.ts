import { join } from 'node:path';
import { accuracyOf } from '../chaos/calibration/accuracy-of.js';
import { catalogue } from '../chaos/experiments/catalogue.js';
import type { StackAccess } from '../chaos/experiments/record-run.js';
import { type FinishedRun, runExperiments } from '../chaos/experiments/run-experiments.js';
import type { RunOptions } from '../harness/config/run-options.js';
import { runFiles } from '../harness/model/recording.js';
import type { TraefikVersion } from '../stack/binaries/pins.js';
import { prepareRuntime } from '../stack/prepare-runtime.js';
import { sweep } from '../stack/runtimes/sweep.js';
import type { RunView } from './output/run-view.js';
import { performCalibration } from './perform-calibration.js';

/** Prepares a runtime and runs the experiments that were chosen, from recording to reports; calibrates first if asked. */
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
  const calibration = options.calibrate
    ? await performCalibration({
        calibration: `calibration-${run}`,
        folder: join(folder, runFiles.calibration),
        mode: 'short',
        seed: options.seed,
        view,
        signal,
      })
    : undefined;
  const prepared = await prepareRuntime({
    run,
    folder,
    choice: options.runtime,
    traefik: options.traefik,
    firstPort: options.firstPort,
    keep: options.keep,
    signal,
    onProgress: (progress) => view.preparing(progress),
  });
  view.note(`runtime ${prepared.runtime.name}: ${prepared.reason}`);
  let access: StackAccess | undefined;
  const experiments = catalogue.filter((experiment) => options.experiments.includes(experiment.id));
  return runExperiments(experiments, {
    run,
    folder,
    seed: options.seed,
    runtime: prepared.runtime,
    versions: prepared.versions,
    calibration: calibration && accuracyOf(calibration),
    signal,
    onEvent: (event) => {
      if (event.type === 'stack-ready') access = event.access;
      view.recording(event, experiments);
    },
    onRecorded: () => {
      view.note('recorded; judging the evidence');
      if (options.keep && access !== undefined) view.note(howToReach(access));
    },
  });
}

/** Words for whoever keeps a stack and wants to look around in it. */
function howToReach({ gateway, hosts, caFile }: StackAccess): string {
  const [host = ''] = hosts;
  const [address, port] = gateway.split(':');
  const call = `curl --cacert ${caFile} --resolve ${host}:${port}:${address} https://${host}:${port}/health`;
  return `the stack keeps running until \`gauntlet clean\` or the next run; hosts ${hosts.join(', ')}\n       ${call}`;
}
