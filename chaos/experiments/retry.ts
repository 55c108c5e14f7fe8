import { notAfterAccept } from '../../harness/checks/retry/after-accept.js';
import { retryAttempts } from '../../harness/checks/retry/attempts.js';
import { hidesRefused } from '../../harness/checks/retry/hides-refused.js';
import { ignoresLatency } from '../../harness/checks/retry/ignores-latency.js';
import type { Experiment } from '../../harness/model/experiment.js';
import type { RetryPolicy } from '../../harness/model/policy.js';
import { latency } from '../faults/latency.js';
import { refuse } from '../faults/refuse.js';
import { resetPeer } from '../faults/reset-peer.js';
import { planRetry } from './plan-values.js';

/**
 * One client, slow enough that requests do not overlap even when one of them waits for a retry: then round robin hands
 * each retry to the next instance. Overlapping requests take turns in the rotation, and a request can meet the dead
 * instance with every one of its attempts.
 */
export function retryExperiment(policy: RetryPolicy = planRetry): Experiment {
  return {
    id: 'retry',
    title: 'Retries hide an instance that refuses connections',
    policy: { middlewares: [policy] },
    control: {
      policy: { middlewares: [] },
      removes: 'the retry middleware',
      mustFail: 'retry-hides-refused',
    },
    scenario: 'chat-clients',
    traffic: {
      groups: [{ name: 'steady', count: 1, spreadMs: 0, stages: [{ fromMs: 0, untilMs: 55_000, ratePerSecond: 2.5 }] }],
    },
    timeline: [
      { fault: refuse(1), atMs: 5_000, forMs: 15_000 },
      { fault: resetPeer(1), atMs: 25_000, forMs: 12_000 },
      { fault: latency(300, 1), atMs: 42_000, forMs: 8_000 },
    ],
    checks: [hidesRefused(0), retryAttempts(policy, 0), notAfterAccept(1), ignoresLatency(2)],
  };
}
