import type { Fault } from '../../harness/model/fault.js';
import { chosenLinks, instanceNames } from './chosen-links.js';
import { failedAttempts } from './failed-attempts.js';

/**
 * The instances refuse connections: their links are taken down, open connections are closed, and a new one meets a
 * closed port. This is what a stopped process looks like from the gateway.
 */
export function refuse(...instances: number[]): Fault {
  return {
    kind: 'refuse',
    title: `${instanceNames(instances)} refuse${instances.length === 1 ? 's' : ''} connections`,
    instances,
    async apply(injector, links) {
      await Promise.all(chosenLinks(links, instances).map((link) => injector.setEnabled(link, false)));
    },
    async heal(injector, links) {
      await Promise.all(chosenLinks(links, instances).map((link) => injector.setEnabled(link, true)));
    },
    touched: failedAttempts,
  };
}
