import { controlProof } from '../model/control-proof.js';
import type { Experiment } from '../model/experiment.js';
import type { ArmLedger } from '../model/ledger.js';
import { worstOutcome } from '../model/outcome.js';
import type { ExperimentResult } from '../model/run.js';
import { type ArmJudgement, judgeArm } from './judge-arm.js';

/**
 * The result of an experiment from the ledgers of its two arms. It passes only if all verdicts on the subject pass *and*
 * the negative control fails the check that it has to fail: otherwise nothing shows that the checks can tell.
 *
 * @param doubts what forbids to trust any evidence of the run, a sentence each
 */
export async function judgeExperiment(
  experiment: Experiment,
  subject: ArmLedger,
  control: ArmLedger,
  doubts: readonly string[] = [],
): Promise<ExperimentResult> {
  // Side by side, because the queries on one arm often keep no more than one core busy.
  const [judged, ofControl] = await Promise.all([
    judgeArm(experiment, subject, doubts),
    judgeArm(experiment, control, doubts),
  ]);
  const negativeControl = judgeControl(experiment, ofControl);
  const ofSubject = worstOutcome(judged.verdicts.map((verdict) => verdict.outcome));
  const outcome = ofSubject === 'pass' && controlProof(negativeControl) !== 'pass' ? 'inconclusive' : ofSubject;
  const reason = outcome === 'pass' ? undefined : reasonOf(judged, ofSubject, negativeControl.reason);
  return {
    id: experiment.id,
    title: experiment.title,
    outcome,
    ...(reason !== undefined && { reason }),
    negativeControl,
    verdicts: judged.verdicts,
  };
}

/** What the control came to: `fail` is what it is there for. */
function judgeControl(experiment: Experiment, control: ArmJudgement): ExperimentResult['negativeControl'] {
  const { removes, mustFail } = experiment.control;
  const verdict = control.verdicts.find((each) => each.check === mustFail);
  if (verdict === undefined) {
    return { outcome: 'inconclusive', reason: `the experiment has no check ${mustFail}` };
  }
  if (control.problems.length > 0) {
    return { outcome: 'inconclusive', reason: `without ${removes}: ${control.problems.join('; ')}` };
  }
  const told = `without ${removes}, ${mustFail}: ${verdict.measured} (expected ${verdict.expected})`;
  return {
    outcome: verdict.outcome,
    reason: verdict.outcome === 'fail' ? told : `the check cannot tell: ${told}`,
  };
}

function reasonOf(judged: ArmJudgement, outcome: string, control: string): string {
  if (judged.problems.length > 0) return judged.problems.join('; ');
  const [first, ...others] = judged.verdicts.filter((each) => each.outcome === outcome && outcome !== 'pass');
  if (first === undefined) return `negative control: ${control}`;
  const also = others.length === 0 ? '' : `; also ${others.map((each) => each.check).join(', ')}`;
  return `${first.check}: ${first.measured} (expected ${first.expected})${also}`;
}
