import { judgeExperiment } from '../../harness/checks/judge-experiment.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { armName, type Experiment } from '../../harness/model/experiment.js';
import { accuracyProblems } from '../../harness/model/generator-accuracy.js';
import { worstOutcome } from '../../harness/model/outcome.js';
import type { ExperimentResult, Run } from '../../harness/model/run.js';
import { type Ledger, openLedger } from '../../reports/ledger/open-ledger.js';
import { readRecording } from '../../reports/read-recording.js';
import { clientSchedules } from '../../scenarios/pure/schedule.js';

/** A judged run with the ledger that its verdicts rest on, which is open until the run is disposed of. */
export interface JudgedRun extends AsyncDisposable {
  readonly run: Run;
  readonly ledger: Ledger;
}

/**
 * Judges a recorded run from its folder alone, so that judging again gives the same verdicts.
 *
 * @throws GauntletError when the folder holds no recording, or one of experiments that are not in `experiments`
 */
export async function judgeRun(folder: string, experiments: readonly Experiment[]): Promise<JudgedRun> {
  const recording = await readRecording(folder);
  const ids = [...new Set(recording.arms.map((arm) => arm.experiment))];
  const recorded = ids.map((id) => {
    const experiment = experiments.find((each) => each.id === id);
    const arms = recording.arms.map((arm) => arm.name);
    if (experiment !== undefined && arms.includes(armName(id, 'subject')) && arms.includes(armName(id, 'control'))) {
      return experiment;
    }
    throw new GauntletError(`The run in ${folder} recorded the experiment "${id}", which this version cannot judge.`, {
      hint: 'Judge it with the version of Gauntlet that recorded it.',
    });
  });
  const ledger = await openLedger(folder, recording, ({ traffic }) => clientSchedules(traffic));
  try {
    const results: ExperimentResult[] = [];
    for (const experiment of recorded) {
      const { id } = experiment;
      const [subject, control] = [ledger.arm(armName(id, 'subject')), ledger.arm(armName(id, 'control'))];
      results.push(await judgeExperiment(experiment, subject, control, accuracyProblems(recording.calibration)));
    }
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
      ...(recording.calibration !== undefined && { calibration: recording.calibration }),
      experiments: results,
    };
    return { run, ledger, [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose]() };
  } catch (error) {
    await ledger[Symbol.asyncDispose]();
    throw error;
  }
}
