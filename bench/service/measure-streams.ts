import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { StreamLoad, StreamLoadResult } from './stream-load.js';

/** One measurement: what the client saw, and what it cost the server. */
export interface StreamMeasurement extends StreamLoadResult {
  /** Share of one core that the server used, from the start of the client to its end. */
  readonly serverCpu: number;
}

/** Linux counts a process's time in ticks of this length. */
const TICK_MS = 10;

/** Starts `serverFile` on a free port of loopback, has `clientFile` load it as a process of its own, and ends both. */
export async function measureStreams(
  serverFile: string,
  clientFile: string,
  load: Omit<StreamLoad, 'port'>,
  signal: AbortSignal,
): Promise<StreamMeasurement> {
  const server = spawn(process.execPath, [serverFile], {
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      PREFILL_OVERHEAD: String(load.prefillMs),
      INTER_TOKEN_LATENCY: String(load.interTokenMs),
      MAX_NUM_SEQS: '100000',
      MAX_MODEL_LEN: '1000000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  server.on('error', () => {});
  try {
    const port = await portOf(server);
    const client = fork(clientFile, { execArgv: [], signal });
    client.on('error', () => {});
    const before = await cpuMsOf(server);
    const startedAt = performance.now();
    client.send({ ...load, port } satisfies StreamLoad);
    const [result] = (await once(client, 'message', { signal })) as [StreamLoadResult];
    const serverCpu = ((await cpuMsOf(server)) - before) / (performance.now() - startedAt);
    return { ...result, serverCpu };
  } finally {
    server.kill('SIGKILL');
  }
}

/** The port on which a server says, on its standard output, that it listens. */
export async function portOf(server: ChildProcess): Promise<number> {
  if (server.stdout === null) throw new Error('the server has no standard output');
  for await (const line of createInterface(server.stdout)) {
    const { event, port } = JSON.parse(line) as { event: string; port?: number };
    if (event === 'listening' && port !== undefined) return port;
  }
  throw new Error('the server ended before it listened');
}

/** Processor time of a process so far: fields 14 and 15 of its stat file, counted after the name in parentheses. */
async function cpuMsOf({ pid }: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
