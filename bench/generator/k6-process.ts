import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dieWithParent } from '../../stack/runtimes/die-with-parent.js';

/** Starts k6 so that it ends with this process, with its output to be read. */
export function startK6(k6: string, args: readonly string[], signal: AbortSignal): ChildProcess {
  const command = dieWithParent({ file: k6, args });
  return spawn(command.file, command.args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, K6_AUTO_EXTENSION_RESOLUTION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
}

/** Runs k6 to its end and returns what it printed. Rejects with its own words when it fails. */
export async function runK6(k6: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const child = startK6(k6, args, signal);
  let said = '';
  let complained = '';
  child.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    complained += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`k6 ended with ${code}: ${complained}`);
  return said;
}
