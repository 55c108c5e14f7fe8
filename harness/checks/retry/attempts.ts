import type { RetryPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { extraRetryAttempts } from '../../oracles/retry.js';
import { enclosingScrapes, extraAttempts } from '../counters.js';
import { count, decided, examples, undecided } from '../finding.js';
import { groupBy } from '../group-by.js';
import { faultAt, possiblyDuring, succeeded, surelyDuring } from '../window.js';

/** Counters move when a response ends; by then every request of the fault's window has been counted. */
const settleMs = 500;

/**
 * Conformance: Traefik tries again as often as round robin over the live and the refusing instances makes necessary, and
 * each request that succeeds arrives at exactly one instance.
 */
export function retryAttempts(policy: RetryPolicy, fault: number): Check {
  return {
    id: 'retry-attempts',
    kind: 'conformance',
    policy: 'retry',
    claim: `With attempts: ${policy.attempts}, refused tries are repeated, and no request is executed twice.`,
    judge(ledger) {
      const record = faultAt(ledger, fault);
      if (record === undefined) return undecided('extra attempts', 'the fault was never applied');
      const possible = possiblyDuring(ledger, record);
      if (possible.length === 0) return undecided('extra attempts', 'no request was sent during the fault');
      const band = extraRetryAttempts(
        { least: surelyDuring(ledger, record).length, most: possible.length },
        ledger.links.length,
        record.links.length,
        policy.attempts,
      );
      if (band === undefined) return undecided('extra attempts', 'a request can use up its attempts on dead instances');
      const expected = `${band.least}-${band.most} extra attempts, each success executed once`;
      const scrapes = enclosingScrapes(ledger, record.applyingAt, record.healedAt + settleMs);
      if (scrapes === undefined) return undecided(expected, "no scrapes of Traefik's counters enclose the fault");
      const extra = extraAttempts(scrapes.before, scrapes.after);
      const arrivals = groupBy(ledger.service, (arrival) => arrival.requestId);
      const notOnce = possible.filter((request) => succeeded(request) && arrivals.get(request.requestId)?.length !== 1);
      return decided(
        extra >= band.least && extra <= band.most && notOnce.length === 0,
        expected,
        `${count(extra, 'extra attempt')} for ${count(possible.length, 'request')}, ${notOnce.length} not executed exactly once`,
        [
          'attempts: traefik_service_requests_total minus traefik_router_requests_total',
          ...examples(
            'not executed once',
            notOnce.map((request) => request.requestId),
          ),
        ],
      );
    },
  };
}
