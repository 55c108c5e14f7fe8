import type { Check } from '../../model/verdict.js';
import { enclosingScrapes, extraAttempts } from '../counters.js';
import { count, decided, undecided } from '../finding.js';
import { faultAt, possiblyDuring, tally } from '../window.js';

const settleMs = 500;

/** Conformance: a slow answer is not a reason to try again. */
export function ignoresLatency(fault: number): Check {
  return {
    id: 'retry-ignores-latency',
    kind: 'conformance',
    policy: 'retry',
    claim: 'A slow instance is waited for: slowness causes no extra attempt.',
    async judge(ledger) {
      const record = faultAt(ledger, fault);
      const expected = '0 extra attempts, 0 failed requests';
      if (record === undefined) return undecided(expected, 'the fault was never applied');
      const scrapes = enclosingScrapes(ledger, record.applyingAt, record.healedAt + settleMs);
      if (scrapes === undefined) return undecided(expected, "no scrapes of Traefik's counters enclose the fault");
      const { requests, failed } = await tally(ledger, possiblyDuring(record));
      if (requests === 0) return undecided(expected, 'no request was sent during the fault');
      const extra = extraAttempts(scrapes.before, scrapes.after);
      return decided(
        extra === 0 && failed === 0,
        expected,
        `${count(extra, 'extra attempt')}, ${failed} of ${count(requests, 'request')} failed`,
        [],
      );
    },
  };
}
