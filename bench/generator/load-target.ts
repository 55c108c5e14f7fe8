import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startK6 } from './k6-process.js';

/** A server that answers every request at once. Disposing ends it. */
export interface LoadTarget extends AsyncDisposable {
  readonly url: string;
}

/** Starts `k6 x target` and waits until it listens. */
export async function startTarget(k6: string, signal: AbortSignal): Promise<LoadTarget> {
  const server = startK6(k6, ['x', 'target', '--quiet'], signal);
  const ended = once(server, 'close').catch(() => undefined);
  const { stdout } = server;
  if (stdout === null) throw new Error('the target has no output');
  const url = await Promise.race([
    once(createInterface(stdout), 'line').then(([line]) => String(line)),
    ended.then(() => {
      throw new Error('the target ended before it listened');
    }),
  ]);
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}
