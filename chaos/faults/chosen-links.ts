import type { Link, Links } from '../../harness/model/link.js';

/** The links of the chosen instances (indexes from 0). An index without a link is a mistake in the experiment. */
export function chosenLinks(links: Links, instances: readonly number[]): Link[] {
  return instances.map((index) => {
    const link = links[index];
    if (link === undefined) throw new RangeError(`instance ${index} of 0-${links.length - 1} does not exist`);
    return link;
  });
}

/** How people call a set of instances: `llm-1 and llm-2`. */
export function instanceNames(instances: readonly number[]): string {
  return instances.map((index) => `llm-${index + 1}`).join(' and ');
}
