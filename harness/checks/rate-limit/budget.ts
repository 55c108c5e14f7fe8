import type { RateLimitPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { refillPerSecond, TokenBucket } from '../../oracles/rate-limit.js';
import { count, decided, undecided } from '../finding.js';
import { decisions } from './decisions.js';

/** The gateway's clock and the log's differ by microseconds; at the edge of a token that moves one request or two. */
const tolerance = 2;

/** Conformance: each bucket gives its burst and then its refill rate, neither more nor less. */
export function keepsBudget(policy: RateLimitPolicy): Check {
  return {
    id: 'rate-limit-budget',
    kind: 'conformance',
    policy: 'rateLimit',
    claim: `Each bucket gives ${policy.burst} at once and then ${policy.average} per ${policy.periodMs / 1000} s (${refillPerSecond(policy).toFixed(2)}/s).`,
    async judge(ledger) {
      const budgets: { bucket: string; model: TokenBucket; predicted: number; admitted: number }[] = [];
      const stream = ledger.stream<{ bucket: string | null; startedAt: number; admitted: boolean }>(`
        WITH keyed AS (SELECT *, ${bucketKey(policy)} AS bucket FROM ${decisions})
        SELECT if(lag(bucket) OVER in_turn IS NOT DISTINCT FROM bucket, NULL, bucket) AS bucket, startedAt, admitted
        FROM keyed WINDOW in_turn AS (ORDER BY keyed.bucket, startedAt, requestId)
        ORDER BY keyed.bucket, startedAt, requestId`);
      for await (const part of stream) {
        for (const { bucket, startedAt, admitted } of part) {
          if (bucket !== null) budgets.push({ bucket, model: new TokenBucket(policy), predicted: 0, admitted: 0 });
          const current = budgets.at(-1);
          if (current === undefined) continue;
          if (current.model.admits(startedAt)) current.predicted += 1;
          if (admitted) current.admitted += 1;
        }
      }
      const predicted = budgets.reduce((sum, each) => sum + each.predicted, 0);
      const admitted = budgets.reduce((sum, each) => sum + each.admitted, 0);
      const expected = `admissions of each bucket as its arithmetic predicts, ± ${tolerance}: ${predicted} in all`;
      if (budgets.length === 0) return undecided(expected, 'no request reached the gateway');
      const off = budgets.filter((each) => Math.abs(each.admitted - each.predicted) > tolerance);
      return decided(
        off.length === 0,
        expected,
        `${admitted} admitted in all, ${off.length} of ${count(budgets.length, 'bucket')} off`,
        off.map((each) => `bucket "${each.bucket}": ${each.admitted} admitted, ${each.predicted} predicted`),
      );
    },
  };
}

/**
 * The key of a request's bucket. A header as key is empty here: our clients send none of their own, and Traefik takes
 * forwarding headers away from clients that it does not trust before the limiter looks.
 */
function bucketKey(policy: RateLimitPolicy): string {
  return policy.key.by === 'peer-address' ? 'clientHost' : "''";
}
