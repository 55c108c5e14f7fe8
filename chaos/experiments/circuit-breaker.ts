import { closesAgain } from '../../harness/checks/circuit-breaker/closes-again.js';
import { openIsQuiet } from '../../harness/checks/circuit-breaker/open-is-quiet.js';
import { recoveryRamp } from '../../harness/checks/circuit-breaker/recovery-ramp.js';
import { shedsOutage } from '../../harness/checks/circuit-breaker/sheds-outage.js';
import { tripTime } from '../../harness/checks/circuit-breaker/trip-time.js';
import type { Experiment } from '../../harness/model/experiment.js';
import type { CircuitBreakerPolicy } from '../../harness/model/policy.js';
import { refuse } from '../faults/refuse.js';
import { planCircuitBreaker } from './plan-values.js';

const outageAtMs = 4_000;
/** 4.5 s until two thirds of failures outweigh 30 % of a ten-second window, one check period, and a second of buckets. */
const trippedWithinMs = 15_500;

/**
 * Two of three instances refuse: 67 % of the attempts fail, well above the plan's 30 % and well below a threshold that
 * would be too lax. The third instance stays up, so an open breaker shows as silence at an instance that could answer.
 */
export function circuitBreakerExperiment(policy: CircuitBreakerPolicy = planCircuitBreaker): Experiment {
  return {
    id: 'circuit-breaker',
    title: 'The circuit breaker trips, recovers and closes',
    policy: { middlewares: [policy] },
    control: {
      policy: { middlewares: [] },
      removes: 'the circuit breaker',
      mustFail: 'breaker-sheds-outage',
    },
    scenario: 'chat-clients',
    traffic: {
      groups: [{ name: 'steady', count: 4, spreadMs: 200, stages: [{ fromMs: 0, untilMs: 84_500, ratePerSecond: 5 }] }],
    },
    timeline: [{ fault: refuse(0, 1), atMs: outageAtMs, forMs: trippedWithinMs + 500 }],
    checks: [
      shedsOutage(0, trippedWithinMs),
      closesAgain(policy, 62_000),
      tripTime(policy, 0),
      openIsQuiet(policy),
      recoveryRamp(policy),
    ],
  };
}
