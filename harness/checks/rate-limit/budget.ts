import type { RateLimitPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { refillPerSecond } from '../../oracles/rate-limit.js';
import { count, decided, undecided } from '../finding.js';
import { groupBy } from '../group-by.js';
import { admissions } from './admissions.js';

/** The gateway's clock and the log's differ by microseconds; at the edge of a token that moves one request or two. */
const tolerance = 2;

/** Conformance: each bucket gives its burst and then its refill rate, neither more nor less. */
export function keepsBudget(policy: RateLimitPolicy): Check {
  return {
    id: 'rate-limit-budget',
    kind: 'conformance',
    policy: 'rateLimit',
    claim: `Each bucket gives ${policy.burst} at once and then ${policy.average} per ${policy.periodMs / 1000} s (${refillPerSecond(policy).toFixed(2)}/s).`,
    judge(ledger) {
      const buckets = groupBy(admissions(ledger, policy), (each) => each.bucket);
      const budgets = [...buckets].map(([bucket, all]) => ({
        bucket,
        predicted: all.filter((each) => each.predicted).length,
        admitted: all.filter((each) => each.admitted).length,
      }));
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
