import type { RateLimitPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { count, decided, examples, undecided } from '../finding.js';
import { admissions, clientsOfGroup } from './admissions.js';

/** Guarantee: a client that was quiet may send `size` requests at once. */
export function admitsBurst(policy: RateLimitPolicy, size: number, group: string): Check {
  return {
    id: 'rate-limit-burst',
    kind: 'guarantee',
    policy: 'rateLimit',
    claim: `A client may send ${size} requests at once.`,
    judge(ledger) {
      const expected = `the first ${size} requests of a burst admitted`;
      const all = admissions(ledger, policy);
      const bursts = clientsOfGroup(ledger, group).map((client) =>
        all.filter((each) => each.client.client === client).slice(0, size),
      );
      if (bursts.length === 0 || bursts.some((burst) => burst.length < size)) {
        return undecided(expected, `fewer than ${size} requests were sent`);
      }
      const rejected = bursts.flat().filter((each) => !each.admitted);
      return decided(
        rejected.length === 0,
        expected,
        `${rejected.length} of the first ${count(size, 'request')} rejected`,
        examples(
          'rejected',
          rejected.map((each) => each.client.requestId),
        ),
      );
    },
  };
}
