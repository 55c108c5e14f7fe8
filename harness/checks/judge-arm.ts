import type { Experiment } from '../model/experiment.js';
import type { ArmLedger } from '../model/ledger.js';
import type { Check, Finding, Verdict } from '../model/verdict.js';
import { undecided } from './finding.js';
import { integrityProblems } from './integrity.js';

/** The verdicts on one arm, and what forbids to trust its evidence, if anything. */
export interface ArmJudgement {
  readonly verdicts: readonly Verdict[];
  readonly problems: readonly string[];
}

/**
 * Judges one arm from its recorded evidence alone. When the evidence cannot be trusted, every verdict is inconclusive
 * and says why, beside what the check would have found. A check that throws is inconclusive too.
 *
 * @param doubts what forbids to trust any evidence of the run, a sentence each
 */
export async function judgeArm(
  experiment: Experiment,
  ledger: ArmLedger,
  doubts: readonly string[] = [],
): Promise<ArmJudgement> {
  const ofArm = await integrityProblems(ledger, experiment.timeline).catch((error: unknown) => [
    `the evidence cannot be examined: ${messageOf(error)}`,
  ]);
  const problems = [...doubts, ...ofArm];
  const verdicts: Verdict[] = [];
  for (const check of experiment.checks) {
    const finding = await find(check, ledger);
    const judged: Finding =
      problems.length === 0
        ? finding
        : {
            ...finding,
            outcome: 'inconclusive',
            evidence: [...problems.map((problem) => `not to be trusted: ${problem}`), ...finding.evidence],
          };
    const { id, kind, policy, claim } = check;
    verdicts.push({ check: id, kind, policy, claim, ...judged });
  }
  return { verdicts, problems };
}

async function find(check: Check, ledger: ArmLedger): Promise<Finding> {
  try {
    return await check.judge(ledger);
  } catch (error) {
    return undecided('a finding', `the check itself failed: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
