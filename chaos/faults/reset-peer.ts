import type { Fault } from '../../harness/model/fault.js';
import type { Toxic } from '../../harness/model/injector.js';
import { chosenLinks, instanceNames } from './chosen-links.js';
import { failedAttempts } from './failed-attempts.js';

/**
 * The instances accept a connection and reset it as soon as the request comes, so the request never reaches them. Put
 * on the upstream direction, because there Toxiproxy waits for the first bytes: the gateway has written the request
 * every time.
 */
const toxic: Toxic = { name: 'reset-peer', type: 'reset_peer', stream: 'upstream', attributes: { timeout: 0 } };

export function resetPeer(...instances: number[]): Fault {
  return {
    kind: 'reset-peer',
    title: `${instanceNames(instances)} reset${instances.length === 1 ? 's' : ''} accepted connections`,
    instances,
    async apply(injector, links) {
      await Promise.all(chosenLinks(links, instances).map((link) => injector.addToxic(link, toxic)));
    },
    async heal(injector, links) {
      await Promise.all(chosenLinks(links, instances).map((link) => injector.removeToxic(link, toxic.name)));
    },
    touched: failedAttempts,
  };
}
