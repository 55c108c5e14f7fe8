import { affinity } from '../../harness/checks/sticky-sessions/affinity.js';
import { affinityCookie } from '../../harness/checks/sticky-sessions/cookie.js';
import { distribution } from '../../harness/checks/sticky-sessions/distribution.js';
import { failover } from '../../harness/checks/sticky-sessions/failover.js';
import type { Experiment } from '../../harness/model/experiment.js';
import type { HealthCheckPolicy, StickyPolicy } from '../../harness/model/policy.js';
import { refuse } from '../faults/refuse.js';
import { planHealthCheck, planSticky } from './plan-values.js';

const requestGapMs = 1_000;

/**
 * Browser-like sessions, each with its own cookie jar. A session sends its first request alone and goes on when it
 * surely has its cookie. One instance dies for long enough that the health check sees it go and come back.
 */
export function stickySessionsExperiment(
  sticky: StickyPolicy | undefined = planSticky,
  healthCheck: HealthCheckPolicy = planHealthCheck,
): Experiment {
  return {
    id: 'sticky-sessions',
    title: 'Sessions stay on their instance and survive its death',
    policy: { middlewares: [], healthCheck, ...(sticky && { sticky }) },
    control: {
      policy: { middlewares: [], healthCheck },
      removes: 'the sticky cookie',
      mustFail: 'sticky-affinity',
    },
    scenario: 'chat-clients',
    traffic: {
      groups: [
        {
          name: 'sessions',
          // No multiple of three: sessions in step with the rotation would keep their instance without any cookie.
          count: 46,
          spreadMs: 5_000,
          stages: [
            { fromMs: 0, untilMs: 1, ratePerSecond: 1 },
            { fromMs: 3_000, untilMs: 54_000, ratePerSecond: 1000 / requestGapMs },
          ],
        },
      ],
    },
    timeline: [{ fault: refuse(2), atMs: 10_000, forMs: 22_000 }],
    checks: [affinity(0), failover(healthCheck, 0, requestGapMs), distribution(), affinityCookie(sticky ?? planSticky)],
  };
}
