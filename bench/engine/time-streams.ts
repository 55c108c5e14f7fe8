import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { portOf } from '../service/measure-streams.js';
import { StreamConnection, type StreamTiming } from './stream-connection.js';

/** How a server is loaded. */
export interface TimedLoad {
  /** Streams at a time, each on a connection of its own. */
  readonly concurrency: number;
  /** Streams one after the other on each connection. */
  readonly rounds: number;
  readonly tokens: number;
  /** Milliseconds before each stream. */
  readonly pauseMs: number;
}

/** One-token streams, by which both sides compile what they need. */
const WARM_UP = { connections: 8, rounds: 40 };
/** Connections begin one after the other: who sends all requests at once measures its own queue. */
const STAGGER_MS = 37;

/** Starts a server in a process of its own, and times streams from it. */
export async function timeStreams(
  file: string,
  env: Readonly<Record<string, string>>,
  load: TimedLoad,
  signal: AbortSignal,
): Promise<StreamTiming[]> {
  const server: ChildProcess = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'], signal });
  server.on('error', () => {});
  try {
    const port = await portOf(server);
    const time = async (connections: number, ask: (connection: StreamConnection) => Promise<StreamTiming[]>) => {
      const timings = Array.from({ length: connections }, async (_, index) => {
        const connection = await StreamConnection.open(port);
        await delay(index * STAGGER_MS);
        const own = await ask(connection);
        connection.close();
        return own;
      });
      return (await Promise.all(timings)).flat();
    };
    await time(WARM_UP.connections, (connection) => askInTurn(connection, { ...WARM_UP, tokens: 1, pauseMs: 0 }));
    return await time(load.concurrency, (connection) => askInTurn(connection, load));
  } finally {
    server.kill('SIGKILL');
  }
}

async function askInTurn(
  connection: StreamConnection,
  { rounds, tokens, pauseMs }: Pick<TimedLoad, 'rounds' | 'tokens' | 'pauseMs'>,
): Promise<StreamTiming[]> {
  const timings: StreamTiming[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (pauseMs > 0) await delay(pauseMs);
    timings.push(await connection.ask(tokens));
  }
  return timings;
}
