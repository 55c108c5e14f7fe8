import type { Check } from '../../model/verdict.js';
import { firstOf } from '../examples.js';
import { count, decided, undecided } from '../finding.js';
import { faultAt } from '../window.js';
import { type Session, sessions } from './sessions.js';

/**
 * Guarantee: a session stays where it is. Only a session whose instance dies may move, and only once; it stays on the
 * new one also after the old one is back.
 */
export function affinity(fault: number): Check {
  return {
    id: 'sticky-affinity',
    kind: 'guarantee',
    policy: 'sticky',
    claim: 'Every session stays on one instance; when that instance dies it moves once and stays.',
    async judge(ledger) {
      const expected = '0 sessions that move without need or more than once';
      const record = faultAt(ledger, fault);
      if (record === undefined) return undecided(expected, 'the fault was never applied');
      const dead = new Set(
        ledger.links.filter((link) => record.links.includes(link.name)).map((link) => link.instance),
      );
      const all = await sessions(ledger);
      if (all.length === 0) return undecided(expected, 'no session was recorded');
      const allowed = ({ stays, path, servedAt }: Session): boolean => {
        const [from = '', to = ''] = path;
        const movedInTime = (servedAt[1] ?? 0) >= record.applyingAt;
        return stays === 1 || (stays === 2 && dead.has(from) && !dead.has(to) && movedInTime);
      };
      const strayed = all.filter((session) => !allowed(session));
      const moved = all.filter((session) => session.stays === 2);
      return decided(
        strayed.length === 0,
        expected,
        `${strayed.length} of ${count(all.length, 'session')} strayed, ${moved.length} moved once`,
        firstOf(
          'strayed',
          strayed.map((session) => `client ${session.client}: ${session.path.join(' → ')}`),
        ),
      );
    },
  };
}
