import type { Check } from '../../model/verdict.js';
import { count, decided, undecided } from '../finding.js';
import { failedExamples, tally } from '../window.js';
import { ofGroup } from './decisions.js';

/** Guarantee: clients that keep to their rate are served, whatever another client does. */
export function isolatesClients(polite: string, greedy: string): Check {
  return {
    id: 'rate-limit-isolation',
    kind: 'guarantee',
    policy: 'rateLimit',
    claim: 'A client that keeps to its rate is never rejected, however greedy another client is.',
    async judge(ledger) {
      const expected = '0 failed requests of polite clients';
      const politely = { sql: ofGroup, values: { group: polite } };
      const { requests, failed } = await tally(ledger, politely);
      const [held] = await ledger.query<{ back: number }>(
        `SELECT count(*) AS back FROM client WHERE status = 429 AND ${ofGroup}`,
        { group: greedy },
      );
      const [clients] = await ledger.query<{ polite: number }>(
        'SELECT count(DISTINCT client) AS polite FROM planned WHERE clientGroup = $group',
        { group: polite },
      );
      if (requests === 0) return undecided(expected, 'no polite client sent a request');
      if (failed === 0 && held?.back === 0) return undecided(expected, 'the greedy client was never held back');
      return decided(
        failed === 0,
        expected,
        `${failed} of ${count(requests, 'request')} from ${count(clients?.polite ?? 0, 'polite client')} failed`,
        await failedExamples(ledger, politely),
      );
    },
  };
}
