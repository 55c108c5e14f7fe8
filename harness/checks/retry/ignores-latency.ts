import type { Check } from '../../model/verdict.js';
import { enclosingScrapes, extraAttempts } from '../counters.js';
import { count, decided, undecided } from '../finding.js';
import { faultAt, possiblyDuring, succeeded } from '../window.js';

const settleMs = 500;

/** Conformance: a slow answer is not a reason to try again. */
export function ignoresLatency(fault: number): Check {
  return {
    id: 'retry-ignores-latency',
    kind: 'conformance',
    policy: 'retry',
    claim: 'A slow instance is waited for: slowness causes no extra attempt.',
    judge(ledger) {
      const record = faultAt(ledger, fault);
      const expected = '0 extra attempts, 0 failed requests';
      if (record === undefined) return undecided(expected, 'the fault was never applied');
      const scrapes = enclosingScrapes(ledger, record.applyingAt, record.healedAt + settleMs);
      if (scrapes === undefined) return undecided(expected, "no scrapes of Traefik's counters enclose the fault");
      const requests = possiblyDuring(ledger, record);
      if (requests.length === 0) return undecided(expected, 'no request was sent during the fault');
      const failed = requests.filter((request) => !succeeded(request));
      const extra = extraAttempts(scrapes.before, scrapes.after);
      return decided(
        extra === 0 && failed.length === 0,
        expected,
        `${count(extra, 'extra attempt')}, ${failed.length} of ${count(requests.length, 'request')} failed`,
        [],
      );
    },
  };
}
