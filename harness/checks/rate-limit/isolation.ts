import type { Check } from '../../model/verdict.js';
import { count, decided, examples, undecided } from '../finding.js';
import { succeeded } from '../window.js';
import { clientsOfGroup } from './admissions.js';

/** Guarantee: clients that keep to their rate are served, whatever another client does. */
export function isolatesClients(polite: string, greedy: string): Check {
  return {
    id: 'rate-limit-isolation',
    kind: 'guarantee',
    policy: 'rateLimit',
    claim: 'A client that keeps to its rate is never rejected, however greedy another client is.',
    judge(ledger) {
      const expected = '0 failed requests of polite clients';
      const politeClients = new Set(clientsOfGroup(ledger, polite));
      const greedyClients = new Set(clientsOfGroup(ledger, greedy));
      const requests = ledger.client.filter((record) => politeClients.has(record.client));
      const pressed = ledger.client.some((record) => greedyClients.has(record.client) && record.status === 429);
      if (requests.length === 0) return undecided(expected, 'no polite client sent a request');
      const failed = requests.filter((record) => !succeeded(record));
      if (failed.length === 0 && !pressed) return undecided(expected, 'the greedy client was never held back');
      return decided(
        failed.length === 0,
        expected,
        `${failed.length} of ${count(requests.length, 'request')} from ${count(politeClients.size, 'polite client')} failed`,
        examples(
          'failed',
          failed.map((record) => `${record.requestId} (${record.status})`),
        ),
      );
    },
  };
}
