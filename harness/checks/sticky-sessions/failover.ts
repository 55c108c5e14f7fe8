import type { HealthCheckPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { count, decided, examples, seconds, undecided } from '../finding.js';
import { faultAt, succeeded } from '../window.js';
import { sessions } from './sessions.js';

/**
 * Guarantee: sessions of a dead instance are served again as soon as the health check has seen it: at most one interval
 * and one timeout later. Until then they fail, because the cookie keeps leading to the dead instance.
 *
 * @param slackMs one gap between two requests of a session: only a request shows that it is served again
 */
export function failover(policy: HealthCheckPolicy, fault: number, slackMs: number): Check {
  const withinMs = policy.intervalMs + policy.timeoutMs;
  return {
    id: 'sticky-failover',
    kind: 'guarantee',
    policy: 'healthCheck',
    claim: `Sessions of a dead instance are served elsewhere within ${seconds(withinMs)} (interval + timeout).`,
    judge(ledger) {
      const expected = `every session served again at most ${seconds(withinMs + slackMs)} after its instance died, others undisturbed`;
      const record = faultAt(ledger, fault);
      if (record === undefined) return undecided(expected, 'the fault was never applied');
      const affected = sessions(ledger).filter((session) =>
        session.requests.some((request) => request.endedAt >= record.applyingAt && !succeeded(request)),
      );
      if (affected.length === 0) return undecided(expected, 'no session was on the dead instance');
      const gaps = affected.map((session) => {
        const last = session.requests.findLast(
          (request) => request.endedAt >= record.applyingAt && !succeeded(request),
        );
        return { client: session.client, gapMs: (last?.endedAt ?? record.applyingAt) - record.applyingAt };
      });
      const dead = new Set(
        ledger.links.filter((link) => record.links.includes(link.name)).map((link) => link.instance),
      );
      const disturbed = affected.filter((session) => {
        const before = session.requests.findLast((each) => succeeded(each) && each.endedAt < record.applyingAt);
        return before !== undefined && !dead.has(before.instance);
      });
      const late = gaps.filter((gap) => gap.gapMs > withinMs + slackMs);
      const lost = affected.flatMap((session) => session.requests.filter((request) => !succeeded(request)));
      return decided(
        late.length === 0 && disturbed.length === 0,
        expected,
        `${count(affected.length, 'session')} cut off (${disturbed.length} of a live instance), the longest for ${seconds(Math.max(...gaps.map((gap) => gap.gapMs)))}; ${count(lost.length, 'request')} failed meanwhile`,
        examples(
          'late',
          late.map((gap) => `client ${gap.client}: ${seconds(gap.gapMs)}`),
        ),
      );
    },
  };
}
