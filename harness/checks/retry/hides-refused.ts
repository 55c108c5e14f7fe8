import type { Check } from '../../model/verdict.js';
import { count, decided, undecided } from '../finding.js';
import { failedExamples, faultAt, possiblyDuring, tally } from '../window.js';

/**
 * Guarantee: while an instance refuses connections, no client notices.
 *
 * @param fault position of the refusing fault in the timeline
 */
export function hidesRefused(fault: number): Check {
  return {
    id: 'retry-hides-refused',
    kind: 'guarantee',
    policy: 'retry',
    claim: 'While one of three instances refuses connections, every request succeeds.',
    async judge(ledger) {
      const record = faultAt(ledger, fault);
      const expected = '0 failed requests';
      if (record === undefined) return undecided(expected, 'the fault was never applied');
      const window = possiblyDuring(record);
      const { requests, failed } = await tally(ledger, window);
      if (requests === 0) return undecided(expected, 'no request was sent during the fault');
      return decided(
        failed === 0,
        expected,
        `${failed} of ${count(requests, 'request')} failed`,
        await failedExamples(ledger, window),
      );
    },
  };
}
