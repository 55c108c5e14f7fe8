import type { Check } from '../../model/verdict.js';
import { count, decided, examples, seconds, undecided } from '../finding.js';
import { faultAt } from '../window.js';
import { isFallback } from './course.js';

/** Guarantee: an outage is cut off by the breaker within `withinMs`, and from then on costs the service nothing. */
export function shedsOutage(fault: number, withinMs: number): Check {
  return {
    id: 'breaker-sheds-outage',
    kind: 'guarantee',
    policy: 'circuitBreaker',
    claim: `Within ${seconds(withinMs)} of an outage of two of three instances, clients get the fallback at once.`,
    judge(ledger) {
      const record = faultAt(ledger, fault);
      const expected = `503 fallback at most ${seconds(withinMs)} after the outage began`;
      if (record === undefined) return undecided(expected, 'the fault was never applied');
      const first = ledger.gateway.find(isFallback);
      const failures = ledger.gateway.filter((each) => each.status === 502);
      return decided(
        first !== undefined && first.startedAt - record.applyingAt <= withinMs,
        expected,
        `${first === undefined ? 'no fallback' : `first fallback after ${seconds(first.startedAt - record.applyingAt)}`}, ${count(failures.length, 'request')} answered 502`,
        examples(
          '502',
          failures.map((each) => each.requestId),
        ),
      );
    },
  };
}
