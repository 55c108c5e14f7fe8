import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** An instance under measurement. */
export interface Instance extends Disposable {
  /** `http://host:port` */
  readonly url: string;
  /** From now on lateness is kept. */
  beginMeasurement(): void;
  /** How late each tick of the event loop came since the beginning, in milliseconds. */
  endMeasurement(): Promise<number[]>;
}

/** Starts `file` with the probe in it, on a free port; disposing kills it. */
export async function startInstance(
  file: string,
  probe: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Instance> {
  const child = spawn(process.execPath, ['--import', probe, file], {
    env: { NODE_ENV: 'production', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    signal,
  });
  child.on('error', () => {});
  const port = await portOf(child);
  return {
    url: `http://127.0.0.1:${port}`,
    beginMeasurement: () => child.send('begin'),
    async endMeasurement() {
      child.send('report');
      const [lateness] = (await once(child, 'message', { signal })) as [number[]];
      return lateness;
    },
    [Symbol.dispose]: () => {
      child.kill('SIGKILL');
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('the instance has no standard output');
  // Read to its end: a full pipe would hold the instance up.
  const lines = createInterface(child.stdout);
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const { event, port } = JSON.parse(line) as { event: string; port?: number };
      if (event === 'listening' && port !== undefined) resolve(port);
    });
    lines.once('close', () => reject(new Error('the instance ended before it listened')));
  });
}
