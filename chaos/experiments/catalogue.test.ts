import { describe, expect, test } from 'vitest';
import { judgeExperiment } from '../../harness/checks/judge-experiment.js';
import { ledgerOf } from '../../harness/fixtures/ledger-of.js';
import { simulateArm } from '../../harness/fixtures/simulate-arm.js';
import { type ArmRole, armName, type Experiment } from '../../harness/model/experiment.js';
import type { ArmLedger } from '../../harness/model/ledger.js';
import { plannedArrivals } from '../../scenarios/pure/schedule.js';
import { catalogue } from './catalogue.js';

/** The arm as the simulated gateway would run it: the real traffic, the real faults, the arm's own policy. */
async function simulate(experiment: Experiment, role: ArmRole): Promise<ArmLedger> {
  const arm = armName(experiment.id, role);
  const evidence = await simulateArm({
    arm,
    policy: role === 'subject' ? experiment.policy : experiment.control.policy,
    arrivals: plannedArrivals(experiment.traffic, arm),
    timeline: experiment.timeline,
  });
  return ledgerOf(evidence);
}

describe.each(catalogue.map((experiment) => [experiment.id, experiment] as const))('%s', (_id, experiment) => {
  test('passes on a gateway that does what its configuration says, because the control fails', async () => {
    const [subject, control] = await Promise.all([simulate(experiment, 'subject'), simulate(experiment, 'control')]);
    const result = await judgeExperiment(experiment, subject, control);
    expect(result.verdicts.filter((verdict) => verdict.outcome !== 'pass')).toEqual([]);
    expect(result.negativeControl).toMatchObject({ outcome: 'fail' });
    expect(result).toMatchObject({ outcome: 'pass' });
  });

  test('does not pass on a gateway whose protection was taken out', async () => {
    const [subject, control] = await Promise.all([simulate(experiment, 'control'), simulate(experiment, 'control')]);
    const unprotected = { ...subject, arm: armName(experiment.id, 'subject') };
    const result = await judgeExperiment(experiment, unprotected, control);
    expect(result.outcome).toBe('fail');
    const { mustFail } = experiment.control;
    expect(result.verdicts.find((verdict) => verdict.check === mustFail)?.outcome).toBe('fail');
  });

  test('names a check of its own as the one that the control must fail', () => {
    expect(experiment.checks.map((check) => check.id)).toContain(experiment.control.mustFail);
  });
});
