import type { Fault } from '../../harness/model/fault.js';
import { chosenLinks, instanceNames } from './chosen-links.js';

/** The instances answer `latencyMs` later: every chunk on the way back is held for that long. */
export function latency(latencyMs: number, ...instances: number[]): Fault {
  const toxic = {
    name: 'latency',
    type: 'latency',
    stream: 'downstream',
    attributes: { latency: latencyMs, jitter: 0 },
  } as const;
  return {
    kind: 'latency',
    title: `${instanceNames(instances)} answer${instances.length === 1 ? 's' : ''} ${latencyMs} ms late`,
    instances,
    async apply(injector, links) {
      await Promise.all(chosenLinks(links, instances).map((link) => injector.addToxic(link, toxic)));
    },
    async heal(injector, links) {
      await Promise.all(chosenLinks(links, instances).map((link) => injector.removeToxic(link, toxic.name)));
    },
    touched(ledger, window) {
      const urls = new Set(chosenLinks(ledger.links, instances).map((link) => link.url));
      return ledger.gateway.filter(
        (record) =>
          urls.has(record.serverUrl) &&
          record.startedAt >= window.appliedAt &&
          record.startedAt <= window.healingAt &&
          record.durationMs >= latencyMs,
      ).length;
    },
  };
}
