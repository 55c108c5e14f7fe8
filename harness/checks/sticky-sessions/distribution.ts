import type { Check } from '../../model/verdict.js';
import { binomialBound } from '../../oracles/sticky.js';
import { decided, undecided } from '../finding.js';
import { sessions } from './sessions.js';

/** Guarantee: new sessions spread evenly, so that affinity does not pile the load on one instance. */
export function distribution(): Check {
  return {
    id: 'sticky-distribution',
    kind: 'guarantee',
    policy: 'sticky',
    claim: 'New sessions spread evenly over the instances.',
    async judge(ledger) {
      const firsts = (await sessions(ledger)).flatMap((session) => session.path.slice(0, 1));
      const servers = ledger.links.length;
      if (firsts.length === 0) return undecided('an even spread', 'no session was served');
      const bound = binomialBound(firsts.length, servers);
      const mean = firsts.length / servers;
      if (firsts.length - mean <= bound) return undecided('an even spread', 'too few sessions to tell');
      const counts = ledger.links.map(({ instance }) => ({
        instance,
        sessions: firsts.filter((first) => first === instance).length,
      }));
      return decided(
        counts.every((each) => Math.abs(each.sessions - mean) <= bound),
        `${mean.toFixed(1)} ± ${bound.toFixed(1)} sessions on each instance`,
        counts.map((each) => `${each.instance} ${each.sessions}`).join(', '),
        [],
      );
    },
  };
}
