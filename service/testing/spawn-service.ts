import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** One line the service prints about itself. */
interface ServiceEvent {
  readonly event: string;
  readonly port?: number;
  readonly controlPort?: number;
  readonly open?: number;
  readonly ended?: number;
  readonly cut?: number;
}

/** The service as a child process. */
export interface SpawnedService extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Every line of standard output so far. */
  readonly printed: readonly ServiceEvent[];
  /** The next line of standard output that tells of `event`. */
  event(event: string): Promise<ServiceEvent>;
  /** Exit code, and all of standard error. */
  ended(): Promise<{ code: number | null; stderr: string }>;
}

/** Runs `file` with exactly `env` as its environment; disposing kills the process if it still runs. */
export function spawnService(file: string, env: Readonly<Record<string, string>>): SpawnedService {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const stderr = text(child.stderr);
  // Read as it comes: a full pipe would hold the service up.
  const printed: ServiceEvent[] = [];
  const told = new EventEmitter();
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    printed.push(JSON.parse(line) as ServiceEvent);
    told.emit('more');
  });
  lines.once('close', () => told.emit('more'));
  const closed = once(lines, 'close').then(() => true);
  let read = 0;
  return {
    child,
    printed,
    async event(event) {
      for (;;) {
        while (read < printed.length) {
          const next = printed[read++];
          if (next?.event === event) return next;
        }
        const isOver = await Promise.race([once(told, 'more').then(() => false), closed]);
        if (isOver && read === printed.length) throw new Error(`the service ended without "${event}": ${await stderr}`);
      }
    },
    async ended() {
      const [code] = (await exited) as [number | null];
      return { code, stderr: await stderr };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
