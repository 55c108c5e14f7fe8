import type { RateLimitPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { refillPerSecond } from '../../oracles/rate-limit.js';
import { decided, undecided } from '../finding.js';
import { decisions, ofGroup } from './decisions.js';

const tolerance = 2;

/** Guarantee: after its burst a client that keeps asking gets no more than `perSecond`. */
export function shedsExcess(policy: RateLimitPolicy, burst: number, perSecond: number, group: string): Check {
  return {
    id: 'rate-limit-sheds-excess',
    kind: 'guarantee',
    policy: 'rateLimit',
    claim: `After its burst a client gets at most ${perSecond.toFixed(2)} requests per second; the rest is rejected.`,
    async judge(ledger) {
      const perClient = await ledger.query<{ requests: number; admitted: number; spanMs: number }>(
        `SELECT count(*) AS requests, count(*) FILTER (admitted) AS admitted,
           max(startedAt) - min(startedAt) AS spanMs
         FROM ${decisions} WHERE ${ofGroup} GROUP BY client ORDER BY client`,
        { group },
      );
      const budgets = perClient.map((client) => ({
        ...client,
        most: Math.ceil(burst + (perSecond * client.spanMs) / 1000) + tolerance,
      }));
      const pressing = budgets.filter((client) => client.requests > client.most);
      if (pressing.length === 0) return undecided('a limit', 'no client asked for more than its budget');
      const list = (tell: (client: (typeof budgets)[number]) => string): string => pressing.map(tell).join('; ');
      return decided(
        pressing.every((client) => client.admitted <= client.most),
        list(
          ({ most, requests, spanMs }) =>
            `at most ${most} of ${requests} admitted (burst ${burst} + ${(spanMs / 1000).toFixed(0)} s of refill)`,
        ),
        list(({ admitted, requests }) => `${admitted} admitted, ${requests - admitted} rejected`),
        [`configured refill: ${refillPerSecond(policy).toFixed(2)}/s`],
      );
    },
  };
}
