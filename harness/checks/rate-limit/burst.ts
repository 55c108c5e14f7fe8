import type { Check } from '../../model/verdict.js';
import { examples } from '../examples.js';
import { count, decided, undecided } from '../finding.js';
import { decisions, ofGroup } from './decisions.js';

/** Guarantee: a client that was quiet may send `size` requests at once. */
export function admitsBurst(size: number, group: string): Check {
  return {
    id: 'rate-limit-burst',
    kind: 'guarantee',
    policy: 'rateLimit',
    claim: `A client may send ${size} requests at once.`,
    async judge(ledger) {
      const expected = `the first ${size} requests of a burst admitted`;
      const first = `(
        SELECT *, row_number() OVER (PARTITION BY client ORDER BY startedAt, requestId) AS number
        FROM ${decisions} WHERE ${ofGroup} QUALIFY number <= ${size}
      )`;
      const bursts = await ledger.query<{ requests: number; rejected: number }>(
        `SELECT count(*) AS requests, count(*) FILTER (NOT admitted) AS rejected FROM ${first} GROUP BY client`,
        { group },
      );
      if (bursts.length === 0 || bursts.some((burst) => burst.requests < size)) {
        return undecided(expected, `fewer than ${size} requests were sent`);
      }
      const rejected = bursts.reduce((sum, burst) => sum + burst.rejected, 0);
      return decided(
        rejected === 0,
        expected,
        `${rejected} of the first ${count(size, 'request')} rejected`,
        rejected === 0
          ? []
          : await examples(
              ledger,
              'rejected',
              `SELECT requestId AS example, startedAt AS place FROM ${first} WHERE NOT admitted`,
              { group },
            ),
      );
    },
  };
}
