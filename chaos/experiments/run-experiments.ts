import { rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Experiment } from '../../harness/model/experiment.js';
import { runFiles } from '../../harness/model/recording.js';
import type { Run } from '../../harness/model/run.js';
import { renderReport } from '../../reports/html/render-report.js';
import { junit } from '../../reports/junit.js';
import { type TimeSeries, timeSeries } from '../../reports/time-series.js';
import { writeAtomically } from '../../reports/write-atomically.js';
import { writeRun } from '../../reports/write-run.js';
import { type AssertedRun, assertRun } from './assert-run.js';
import { judgeRun } from './judge-run.js';
import { type RecordingOptions, recordRun } from './record-run.js';

/** A finished run: what was judged, and what the assertions of the experiments made of it. */
export interface FinishedRun {
  readonly run: Run;
  readonly asserted: AssertedRun;
}

/** Records experiments, judges the evidence, writes the reports and lets Vitest assert the outcome. */
export async function runExperiments(
  experiments: readonly Experiment[],
  options: RecordingOptions & { readonly onRecorded: () => void },
): Promise<FinishedRun> {
  await recordRun(experiments, options);
  options.onRecorded();
  const run = await writeReports(options.folder, experiments);
  await linkLatest(options.folder);
  const asserted = await assertRun(
    options.folder,
    experiments.map((experiment) => experiment.id),
  );
  return { run, asserted };
}

/** Judges a recorded run and writes `run.json`, the JUnit file and the HTML report into its folder. */
export async function writeReports(folder: string, experiments: readonly Experiment[]): Promise<Run> {
  await using judged = await judgeRun(folder, experiments);
  const { run, ledger } = judged;
  const series: TimeSeries[] = [];
  for (const arm of ledger.arms) series.push(await timeSeries(arm));
  await writeRun(join(folder, runFiles.run), run);
  await writeAtomically(join(folder, runFiles.junit), junit(run));
  await writeAtomically(join(folder, runFiles.report), renderReport(run, series));
  return run;
}

/** Points `latest`, beside the run's folder, at it. Where links are not allowed there is none. */
async function linkLatest(folder: string): Promise<void> {
  const link = join(dirname(folder), 'latest');
  await rm(link, { force: true }).catch(() => undefined);
  await symlink(basename(folder), link, 'dir').catch(() => undefined);
}
