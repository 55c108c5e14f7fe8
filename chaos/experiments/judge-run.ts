import { judgeExperiment } from '../../harness/checks/judge-experiment.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { armName, type Experiment } from '../../harness/model/experiment.js';
import type { ArmLedger } from '../../harness/model/ledger.js';
import { worstOutcome } from '../../harness/model/outcome.js';
import type { Run } from '../../harness/model/run.js';
import { buildLedger } from '../../reports/ledger/build-ledger.js';
import { readRecording } from '../../reports/read-recording.js';
import { plannedArrivals } from '../../scenarios/pure/schedule.js';

/** A judged run with the ledgers that its verdicts rest on. */
export interface JudgedRun {
  readonly run: Run;
  readonly ledgers: ReadonlyMap<string, ArmLedger>;
}

/**
 * Judges a recorded run from its folder alone, so that judging again gives the same verdicts.
 *
 * @throws GauntletError when the folder holds no recording, or one of experiments that are not in `experiments`
 */
export async function judgeRun(folder: string, experiments: readonly Experiment[]): Promise<JudgedRun> {
  const recording = await readRecording(folder);
  const ledgers = await buildLedger(folder, recording, (arm) => plannedArrivals(arm.traffic, arm.name));
  const ids = [...new Set(recording.arms.map((arm) => arm.experiment))];
  const results = ids.map((id) => {
    const experiment = experiments.find((each) => each.id === id);
    const subject = ledgers.get(armName(id, 'subject'));
    const control = ledgers.get(armName(id, 'control'));
    if (experiment === undefined || subject === undefined || control === undefined) {
      throw new GauntletError(
        `The run in ${folder} recorded the experiment "${id}", which this version cannot judge.`,
        {
          hint: 'Judge it with the version of Gauntlet that recorded it.',
        },
      );
    }
    return judgeExperiment(experiment, subject, control);
  });
  const run: Run = {
    schemaVersion: 1,
    run: recording.run,
    outcome: worstOutcome(results.map((result) => result.outcome)),
    profile: recording.profile,
    runtime: recording.runtime,
    versions: recording.versions,
    seed: recording.seed,
    startedAt: recording.startedAt,
    durationMs: recording.durationMs,
    experiments: results,
  };
  return { run, ledgers };
}
