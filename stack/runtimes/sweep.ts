import { findDocker } from './find-docker.js';
import { sweepDocker } from './sweep-docker.js';
import { sweepProcesses } from './sweep-processes.js';

/**
 * Ends and removes everything that dead runs left behind, wherever they ran.
 *
 * @returns the names of what was ended
 */
export async function sweep(): Promise<string[]> {
  const processes = sweepProcesses();
  const found = await findDocker();
  return found.docker === undefined ? processes : [...processes, ...(await sweepDocker(found.docker))];
}
