import type { Check } from '../../model/verdict.js';
import { count, decided, examples, undecided } from '../finding.js';
import { faultAt, possiblyDuring, succeeded, surelyDuring } from '../window.js';

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
    judge(ledger) {
      const record = faultAt(ledger, fault);
      if (record === undefined) return undecided('visible resets', 'the fault was never applied');
      const share = record.links.length / ledger.links.length;
      const possible = possiblyDuring(ledger, record);
      const least = Math.max(1, Math.floor(surelyDuring(ledger, record).length * share) - 1);
      const most = Math.ceil(possible.length * share) + 1;
      const failed = possible.filter((request) => !succeeded(request));
      const arrived = new Set(ledger.service.map((arrival) => arrival.requestId));
      const executed = failed.filter((request) => arrived.has(request.requestId));
      const others = failed.filter((request) => request.status !== 502);
      return decided(
        failed.length >= least && failed.length <= most && executed.length === 0 && others.length === 0,
        `${least}-${most} requests answered 502, none of them executed`,
        `${failed.length} of ${count(possible.length, 'request')} failed, ${others.length} with another status than 502, ${executed.length} executed`,
        examples(
          'failed',
          failed.map((request) => `${request.requestId} (${request.status})`),
        ),
      );
    },
  };
}
