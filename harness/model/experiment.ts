import type { PlannedFault } from './fault.js';
import type { RoutePolicy } from './policy.js';
import type { Traffic } from './traffic.js';
import type { Check } from './verdict.js';

/**
 * One promise of a configuration, put to the test: traffic, faults and the checks that judge what was recorded.
 *
 * It runs as two arms side by side: the *subject* with `policy`, and the *negative control* with `control.policy`, which
 * is the same with the protection taken out. If the control does not fail, the checks cannot tell, and the experiment is
 * inconclusive.
 */
export interface Experiment {
  /** Stable name, lower case with dashes. */
  readonly id: string;
  readonly title: string;
  readonly policy: RoutePolicy;
  readonly control: {
    readonly policy: RoutePolicy;
    /** What was taken out, for people. */
    readonly removes: string;
    /** The check that must fail on the control, and so shows that it can. */
    readonly mustFail: string;
  };
  /** File name of the k6 scenario in `scenarios/`, without its ending. */
  readonly scenario: string;
  readonly traffic: Traffic;
  readonly timeline: readonly PlannedFault[];
  readonly checks: readonly Check[];
}

/** Which of the two arms of an experiment. */
export type ArmRole = 'subject' | 'control';

/** The name of an arm: in request ids, host names, router names and folder names. */
export function armName(experiment: string, role: ArmRole): string {
  return `${experiment}.${role}`;
}
