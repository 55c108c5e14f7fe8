import type { Check } from '../../model/verdict.js';
import { count, decided, examples, undecided } from '../finding.js';
import { faultAt, succeeded } from '../window.js';
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
    judge(ledger) {
      const expected = '0 sessions that move without need or more than once';
      const record = faultAt(ledger, fault);
      if (record === undefined) return undecided(expected, 'the fault was never applied');
      const dead = new Set(
        ledger.links.filter((link) => record.links.includes(link.name)).map((link) => link.instance),
      );
      const all = sessions(ledger);
      if (all.length === 0) return undecided(expected, 'no session was recorded');
      const allowed = ({ path, requests }: Session): boolean => {
        const [from = '', to = ''] = path;
        const arrival = requests.find((request) => succeeded(request) && request.instance === to);
        const movedInTime = arrival !== undefined && arrival.endedAt >= record.applyingAt;
        return path.length === 1 || (path.length === 2 && dead.has(from) && !dead.has(to) && movedInTime);
      };
      const strayed = all.filter((session) => !allowed(session));
      const moved = all.filter((session) => session.path.length === 2);
      return decided(
        strayed.length === 0,
        expected,
        `${strayed.length} of ${count(all.length, 'session')} strayed, ${moved.length} moved once`,
        examples(
          'strayed',
          strayed.map((session) => `client ${session.client}: ${session.path.slice(0, 6).join(' → ')}`),
        ),
      );
    },
  };
}
