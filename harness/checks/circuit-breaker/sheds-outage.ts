import type { Check } from '../../model/verdict.js';
import { examples } from '../examples.js';
import { count, decided, seconds, undecided } from '../finding.js';
import { faultAt } from '../window.js';
import { observedTrip } from './course.js';

/** Guarantee: an outage is cut off by the breaker within `withinMs`, and from then on costs the service nothing. */
export function shedsOutage(fault: number, withinMs: number): Check {
  return {
    id: 'breaker-sheds-outage',
    kind: 'guarantee',
    policy: 'circuitBreaker',
    claim: `Within ${seconds(withinMs)} of an outage of two of three instances, clients get the fallback at once.`,
    async judge(ledger) {
      const record = faultAt(ledger, fault);
      const expected = `503 fallback at most ${seconds(withinMs)} after the outage began`;
      if (record === undefined) return undecided(expected, 'the fault was never applied');
      const trippedAt = await observedTrip(ledger);
      const [failures] = await ledger.query<{ requests: number }>(
        'SELECT count(*) AS requests FROM gateway WHERE status = 502',
      );
      return decided(
        trippedAt !== undefined && trippedAt - record.applyingAt <= withinMs,
        expected,
        `${trippedAt === undefined ? 'no fallback' : `first fallback after ${seconds(trippedAt - record.applyingAt)}`}, ${count(failures?.requests ?? 0, 'request')} answered 502`,
        await examples(
          ledger,
          '502',
          'SELECT requestId AS example, startedAt AS place FROM gateway WHERE status = 502',
        ),
      );
    },
  };
}
