import { hostname } from 'node:os';
import { identify, isAlive } from './process-identity.js';

/** Label that everything of ours in a Docker engine carries; its value is the run. */
export const runLabel = 'gauntlet.run';

const hostLabel = 'gauntlet.host';
const pidLabel = 'gauntlet.harness.pid';
const startedLabel = 'gauntlet.harness.started';

/** Labels that name the run and the harness that it belongs to, by which a later run knows what a dead one left. */
export function ownerLabels(run: string): Record<string, string> {
  return {
    [runLabel]: run,
    [hostLabel]: hostname(),
    [pidLabel]: String(process.pid),
    [startedLabel]: identify(process.pid)?.started ?? '',
  };
}

/** Whether labels say that their owner was a harness on this machine and is gone. Another machine's is not ours to judge. */
export function isOrphaned(labels: Readonly<Record<string, string>>): boolean {
  if (labels[runLabel] === undefined || labels[hostLabel] !== hostname()) return false;
  return !isAlive({ pid: Number(labels[pidLabel]), started: labels[startedLabel] ?? '' });
}
