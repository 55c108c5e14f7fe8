import type { Check } from '../../model/verdict.js';
import { count, decided, examples, undecided } from '../finding.js';
import { faultAt, possiblyDuring, succeeded } from '../window.js';

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
    judge(ledger) {
      const record = faultAt(ledger, fault);
      const expected = '0 failed requests';
      if (record === undefined) return undecided(expected, 'the fault was never applied');
      const requests = possiblyDuring(ledger, record);
      if (requests.length === 0) return undecided(expected, 'no request was sent during the fault');
      const failed = requests.filter((request) => !succeeded(request));
      return decided(
        failed.length === 0,
        expected,
        `${failed.length} of ${count(requests.length, 'request')} failed`,
        examples(
          'failed',
          failed.map((request) => `${request.requestId} (${request.status})`),
        ),
      );
    },
  };
}
