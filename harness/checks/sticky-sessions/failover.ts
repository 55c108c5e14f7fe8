import type { HealthCheckPolicy } from '../../model/policy.js';
import type { Check } from '../../model/verdict.js';
import { firstOf } from '../examples.js';
import { count, decided, seconds, undecided } from '../finding.js';
import { faultAt } from '../window.js';

/** A session with a request that failed after the fault. */
interface CutOff {
  readonly client: number;
  readonly failed: number;
  /** From the fault until its last failure. */
  readonly gapMs: number;
  /** The instance that served it last before the fault; null when none did. */
  readonly before: string | null;
}

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
    async judge(ledger) {
      const expected = `every session served again at most ${seconds(withinMs + slackMs)} after its instance died, others undisturbed`;
      const record = faultAt(ledger, fault);
      if (record === undefined) return undecided(expected, 'the fault was never applied');
      const affected = await ledger.query<CutOff>(
        `SELECT client, count(*) FILTER (NOT succeeded) AS failed,
           max(endedAt) FILTER (NOT succeeded AND endedAt >= $applyingAt) - $applyingAt AS gapMs,
           max_by(instance, row(sentAt, requestId)) FILTER (succeeded AND endedAt < $applyingAt) AS before
         FROM client GROUP BY client HAVING gapMs IS NOT NULL ORDER BY client`,
        { applyingAt: record.applyingAt },
      );
      if (affected.length === 0) return undecided(expected, 'no session was on the dead instance');
      const dead = new Set(
        ledger.links.filter((link) => record.links.includes(link.name)).map((link) => link.instance),
      );
      const disturbed = affected.filter(({ before }) => before !== null && !dead.has(before));
      const late = affected.filter(({ gapMs }) => gapMs > withinMs + slackMs);
      const lost = affected.reduce((sum, { failed }) => sum + failed, 0);
      return decided(
        late.length === 0 && disturbed.length === 0,
        expected,
        `${count(affected.length, 'session')} cut off (${disturbed.length} of a live instance), the longest for ${seconds(Math.max(...affected.map((session) => session.gapMs)))}; ${count(lost, 'request')} failed meanwhile`,
        firstOf(
          'late',
          late.map(({ client, gapMs }) => `client ${client}: ${seconds(gapMs)}`),
        ),
      );
    },
  };
}
