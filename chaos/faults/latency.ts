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
    async touched(ledger, { appliedAt, healingAt }) {
      const links = chosenLinks(ledger.links, instances);
      const urls = Object.fromEntries(links.map((link, place) => [`url${place}`, link.url]));
      const names = Object.keys(urls).map((name) => `$${name}`);
      const [late] = await ledger.query<{ requests: number }>(
        `SELECT count(*) AS requests FROM gateway
         WHERE serverUrl IN (${names.join(', ')}) AND startedAt BETWEEN $appliedAt AND $healingAt
           AND durationMs >= $latencyMs`,
        { ...urls, appliedAt, healingAt, latencyMs },
      );
      return late?.requests ?? 0;
    },
  };
}
