import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** One line the service prints about itself. */
interface ServiceEvent {
  readonly event: string;
  readonly port?: number;
  readonly open?: number;
  readonly cut?: number;
}

/** The service as a child process. */
export interface SpawnedService extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The next line of standard output. */
  nextEvent(): Promise<ServiceEvent>;
  /** Exit code, and all of standard error. */
  ended(): Promise<{ code: number | null; stderr: string }>;
}

/** Runs `file` with exactly `env` as its environment; disposing kills the process if it still runs. */
export function spawnService(file: string, env: Readonly<Record<string, string>>): SpawnedService {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const stderr = text(child.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    async nextEvent() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`the service printed nothing more: ${await stderr}`);
      return JSON.parse(value) as ServiceEvent;
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
