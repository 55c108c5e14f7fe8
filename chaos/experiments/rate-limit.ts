import { keepsBudget } from '../../harness/checks/rate-limit/budget.js';
import { admitsBurst } from '../../harness/checks/rate-limit/burst.js';
import { isolatesClients } from '../../harness/checks/rate-limit/isolation.js';
import { rejectsProperly } from '../../harness/checks/rate-limit/rejections.js';
import { shedsExcess } from '../../harness/checks/rate-limit/sheds-excess.js';
import type { Experiment } from '../../harness/model/experiment.js';
import type { RateLimitPolicy } from '../../harness/model/policy.js';
import { planRateLimit } from './plan-values.js';

/** What the plan promises a client: 200 at once, then 100 per minute. Independent of what is configured. */
const promised = { burst: 200, perSecond: 100 / 60 };

/**
 * One greedy client bursts and then keeps asking too often, while fifteen polite ones stay below their rate. The burst
 * comes when the experiments beside this one have shown their steady state, so that it does not blur that.
 */
export function rateLimitExperiment(policy: RateLimitPolicy = planRateLimit): Experiment {
  return {
    id: 'rate-limit',
    title: 'The rate limit holds each client to its own budget',
    policy: { middlewares: [policy] },
    control: {
      policy: { middlewares: [] },
      removes: 'the rate limit',
      mustFail: 'rate-limit-sheds-excess',
    },
    scenario: 'chat-clients',
    traffic: {
      groups: [
        {
          name: 'greedy',
          count: 1,
          spreadMs: 0,
          stages: [
            { fromMs: 14_000, untilMs: 19_000, ratePerSecond: 50 },
            { fromMs: 19_000, untilMs: 45_000, ratePerSecond: 4 },
          ],
        },
        { name: 'polite', count: 15, spreadMs: 1_000, stages: [{ fromMs: 0, untilMs: 46_000, ratePerSecond: 1 }] },
      ],
    },
    timeline: [],
    checks: [
      admitsBurst(promised.burst, 'greedy'),
      shedsExcess(policy, promised.burst, promised.perSecond, 'greedy'),
      isolatesClients('polite', 'greedy'),
      keepsBudget(policy),
      rejectsProperly(),
    ],
  };
}
