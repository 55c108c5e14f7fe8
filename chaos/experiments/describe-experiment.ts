import { beforeAll, describe, expect, test } from 'vitest';
import { armName } from '../../harness/model/experiment.js';
import type { ArmLedger } from '../../harness/model/ledger.js';
import type { ExperimentResult } from '../../harness/model/run.js';
import type { Verdict } from '../../harness/model/verdict.js';
import { catalogue } from './catalogue.js';
import { type JudgedRun, judgeRun } from './judge-run.js';
import { runFolderVariable } from './run-folder-variable.js';

/** Shared by the files of one process, and open for as long as it runs. */
let judged: Promise<JudgedRun> | undefined;

/** What the assertions of one experiment can look at. */
export interface RecordedExperiment {
  result(): ExperimentResult;
  verdict(check: string): Verdict;
  subject(): ArmLedger;
  control(): ArmLedger;
}

/**
 * The assertions on one experiment of a recorded run: every verdict passes, the negative control failed as it must, and
 * whatever `more` asserts on the evidence by itself.
 */
export function describeExperiment(id: string, more: (recorded: RecordedExperiment) => void): void {
  const experiment = catalogue.find((each) => each.id === id);
  if (experiment === undefined) throw new Error(`no experiment ${id} in the catalogue`);
  describe(experiment.title, () => {
    let run: JudgedRun;
    beforeAll(async () => {
      judged ??= judgeRun(process.env[runFolderVariable] ?? 'reports/out/latest', catalogue);
      run = await judged;
    });
    const recorded: RecordedExperiment = {
      result: () => found(run.run.experiments.find((each) => each.id === id)),
      verdict: (check) => found(recorded.result().verdicts.find((each) => each.check === check)),
      subject: () => run.ledger.arm(armName(id, 'subject')),
      control: () => run.ledger.arm(armName(id, 'control')),
    };
    for (const check of experiment.checks) {
      test(`${check.kind}: ${check.claim}`, () => {
        const { outcome, expected, measured, evidence } = recorded.verdict(check.id);
        expect(outcome, `expected ${expected}; measured ${measured}; ${evidence.join('; ')}`).toBe('pass');
      });
    }
    test(`negative control: without ${experiment.control.removes}, ${experiment.control.mustFail} fails`, () => {
      const { outcome, reason } = recorded.result().negativeControl;
      expect(outcome, reason).toBe('fail');
    });
    more(recorded);
  });
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the run did not record this experiment');
  return value;
}
