import type { Check } from '../../model/verdict.js';
import { count, decided, undecided } from '../finding.js';
import { failedExamples, faultAt, possiblyDuring, surelyDuring, tally } from '../window.js';

/**
 * Conformance: a connection that was accepted and then reset is not tried again, because Traefik retries only what was
 * never written to a server. Clients see it, and the request is not executed.
 */
export function notAfterAccept(fault: number): Check {
  return {
    id: 'retry-not-after-accept',
    kind: 'conformance',
    policy: 'retry',
    claim: 'A connection that is accepted and then reset is not hidden: its share of the requests fails with 502.',
    async judge(ledger) {
      const record = faultAt(ledger, fault);
      if (record === undefined) return undecided('visible resets', 'the fault was never applied');
      const share = record.links.length / ledger.links.length;
      const possible = possiblyDuring(record);
      const { requests, failed } = await tally(ledger, possible);
      const surely = await tally(ledger, surelyDuring(record));
      const least = Math.max(1, Math.floor(surely.requests * share) - 1);
      const most = Math.ceil(requests * share) + 1;
      const [wrong] = await ledger.query<{ executed: number; others: number }>(
        `SELECT count(*) FILTER (requestId IN (SELECT requestId FROM service)) AS executed,
           count(*) FILTER (status <> 502) AS others
         FROM client WHERE ${possible.sql} AND NOT succeeded`,
        possible.values,
      );
      const { executed = 0, others = 0 } = wrong ?? {};
      return decided(
        failed >= least && failed <= most && executed === 0 && others === 0,
        `${least}-${most} requests answered 502, none of them executed`,
        `${failed} of ${count(requests, 'request')} failed, ${others} with another status than 502, ${executed} executed`,
        await failedExamples(ledger, possible),
      );
    },
  };
}
