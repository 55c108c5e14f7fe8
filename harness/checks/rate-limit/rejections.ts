import type { Check } from '../../model/verdict.js';
import { examples } from '../examples.js';
import { count, decided } from '../finding.js';

const vague = "NOT regexp_full_match(retryAfter, '[1-9][0-9]*')";
const leaked = 'requestId IN (SELECT requestId FROM service)';

/** Conformance: a rejection is a 429 that says when to come back, and costs the service nothing. */
export function rejectsProperly(): Check {
  return {
    id: 'rate-limit-rejections',
    kind: 'conformance',
    policy: 'rateLimit',
    claim: 'A rejected request gets 429 with Retry-After in whole seconds and never reaches an instance.',
    async judge(ledger) {
      const expected = 'every 429 with Retry-After of at least 1 s, 0 of them arrived';
      const [counted] = await ledger.query<{ rejected: number; vague: number; leaked: number }>(
        `SELECT count(*) AS rejected, count(*) FILTER (${vague}) AS vague, count(*) FILTER (${leaked}) AS leaked
         FROM client WHERE status = 429`,
      );
      if (counted === undefined || counted.rejected === 0) return decided(false, expected, 'nothing was rejected', []);
      return decided(
        counted.vague === 0 && counted.leaked === 0,
        expected,
        `${count(counted.rejected, 'request')} got 429, ${counted.vague} without a usable Retry-After, ${counted.leaked} arrived`,
        await examples(
          ledger,
          'wrong',
          `SELECT requestId || ' (Retry-After "' || retryAfter || '")' AS example, sentAt AS place FROM client
           WHERE status = 429 AND (${vague} OR ${leaked})`,
        ),
      );
    },
  };
}
