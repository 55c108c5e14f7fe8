import type { RetryPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { extraRetryAttempts } from '../../oracles/retry.js';
import { enclosingScrapes, extraAttempts } from '../counters.js';
import { examples } from '../examples.js';
import { count, decided, undecided } from '../finding.js';
import { faultAt, possiblyDuring, surelyDuring, tally } from '../window.js';

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
    async judge(ledger) {
      const record = faultAt(ledger, fault);
      if (record === undefined) return undecided('extra attempts', 'the fault was never applied');
      const possible = possiblyDuring(record);
      const { requests } = await tally(ledger, possible);
      if (requests === 0) return undecided('extra attempts', 'no request was sent during the fault');
      const band = extraRetryAttempts(
        { least: (await tally(ledger, surelyDuring(record))).requests, most: requests },
        ledger.links.length,
        record.links.length,
        policy.attempts,
      );
      if (band === undefined) return undecided('extra attempts', 'a request can use up its attempts on dead instances');
      const expected = `${band.least}-${band.most} extra attempts, each success executed once`;
      const scrapes = enclosingScrapes(ledger, record.applyingAt, record.healedAt + settleMs);
      if (scrapes === undefined) return undecided(expected, "no scrapes of Traefik's counters enclose the fault");
      const extra = extraAttempts(scrapes.before, scrapes.after);
      const notOnce = `
        SELECT requestId AS example, sentAt AS place
        FROM client LEFT JOIN (SELECT requestId, count(*) AS arrivals FROM service GROUP BY requestId) USING (requestId)
        WHERE ${possible.sql} AND succeeded AND arrivals IS DISTINCT FROM 1`;
      const [wrong] = await ledger.query<{ requests: number }>(
        `SELECT count(*) AS requests FROM (${notOnce})`,
        possible.values,
      );
      const executedOtherwise = wrong?.requests ?? 0;
      return decided(
        extra >= band.least && extra <= band.most && executedOtherwise === 0,
        expected,
        `${count(extra, 'extra attempt')} for ${count(requests, 'request')}, ${executedOtherwise} not executed exactly once`,
        [
          'attempts: traefik_service_requests_total minus traefik_router_requests_total',
          ...(executedOtherwise === 0 ? [] : await examples(ledger, 'not executed once', notOnce, possible.values)),
        ],
      );
    },
  };
}
