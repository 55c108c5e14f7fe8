import { rmSync } from 'node:fs';
import { isAlive } from './process-identity.js';
import { readRunFiles, runFileFolder } from './run-file.js';

/**
 * Ends the processes that dead runs left behind, and removes their run files. A run whose harness still lives is not
 * touched, and neither is a process that only happens to have a recorded number.
 *
 * @returns the names of the processes that were ended
 */
export function sweepProcesses(folder = runFileFolder()): string[] {
  const swept: string[] = [];
  for (const { path, content } of readRunFiles(folder)) {
    if (isAlive(content.harness)) continue;
    for (const each of content.processes) {
      if (!isAlive(each)) continue;
      try {
        // Every component leads a process group of its own.
        process.kill(-each.pid, 'SIGKILL');
        swept.push(each.name);
      } catch {
        // It ended between the look and the kill.
      }
    }
    rmSync(path, { force: true });
  }
  return swept;
}
