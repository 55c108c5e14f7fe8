import type Docker from 'dockerode';
import { isOrphaned, runLabel } from './docker-labels.js';

/**
 * Removes the containers and networks that dead runs left in a Docker engine, and nothing else.
 *
 * @returns the names of what was removed
 */
export async function sweepDocker(docker: Docker): Promise<string[]> {
  const filters = { label: [runLabel] };
  const containers = (await docker.listContainers({ all: true, filters })).filter((each) => isOrphaned(each.Labels));
  await Promise.all(
    containers.map((each) => docker.getContainer(each.Id).remove({ force: true, v: true }).catch(gone)),
  );
  const networks = (await docker.listNetworks({ filters })).filter((each) => isOrphaned(each.Labels ?? {}));
  await Promise.all(networks.map((each) => docker.getNetwork(each.Id).remove().catch(gone)));
  return [...containers.map((each) => each.Names[0] ?? each.Id), ...networks.map((each) => each.Name)];
}

/** Someone else was quicker. */
function gone(error: { statusCode?: number }): void {
  if (![404, 409].includes(error.statusCode ?? 0)) throw error;
}
