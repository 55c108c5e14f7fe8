import type { Check } from '../../model/verdict.js';
import { count, decided, examples } from '../finding.js';

/** Conformance: a rejection is a 429 that says when to come back, and costs the service nothing. */
export function rejectsProperly(): Check {
  return {
    id: 'rate-limit-rejections',
    kind: 'conformance',
    policy: 'rateLimit',
    claim: 'A rejected request gets 429 with Retry-After in whole seconds and never reaches an instance.',
    judge(ledger) {
      const expected = 'every 429 with Retry-After of at least 1 s, 0 of them arrived';
      const rejected = ledger.client.filter((record) => record.status === 429);
      if (rejected.length === 0) return decided(false, expected, 'nothing was rejected', []);
      const arrived = new Set(ledger.service.map((arrival) => arrival.requestId));
      const vague = rejected.filter((record) => !/^[1-9]\d*$/.test(record.retryAfter));
      const leaked = rejected.filter((record) => arrived.has(record.requestId));
      return decided(
        vague.length === 0 && leaked.length === 0,
        expected,
        `${count(rejected.length, 'request')} got 429, ${vague.length} without a usable Retry-After, ${leaked.length} arrived`,
        examples(
          'wrong',
          [...vague, ...leaked].map((record) => `${record.requestId} (Retry-After "${record.retryAfter}")`),
        ),
      );
    },
  };
}
