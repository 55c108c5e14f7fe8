import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { portOf } from '../service/measure-streams.js';

/** What a client saw of one stream, in milliseconds. */
export interface StreamTiming {
  /** From when the request was sent to the first token. */
  readonly ttftMs: number;
  readonly gapsMs: readonly number[];
  /** Time in the queue, as the engine reports it. */
  readonly queueMs: number;
}

/** The first streams have both sides compile what they need, and open their connection. */
const WARM_UP_ROUNDS = 5;
const STAGGER_MS = 37;

/** Starts the service in a process of its own, and times streams that run `concurrency` at a time. */
export async function timeStreams(options: {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly concurrency: number;
  readonly rounds: number;
  readonly tokens: number;
  readonly signal: AbortSignal;
}): Promise<StreamTiming[]> {
  const { file, env, concurrency, rounds, tokens, signal } = options;
  const server: ChildProcess = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'], signal });
  server.on('error', () => {});
  try {
    const port = await portOf(server);
    const workers = Array.from({ length: concurrency }, async (_, index) => {
      // A connection of its own, and a start of its own: who sends all at once measures its own queue.
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      await new Promise((resolve) => setTimeout(resolve, index * STAGGER_MS));
      const timings: StreamTiming[] = [];
      for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
        timings.push(await timeStream(port, agent, tokens));
      }
      agent.destroy();
      return timings.slice(WARM_UP_ROUNDS);
    });
    return (await Promise.all(workers)).flat();
  } finally {
    server.kill('SIGKILL');
  }
}

function timeStream(port: number, agent: Agent, tokens: number): Promise<StreamTiming> {
  const messages = [{ role: 'user', content: 'Why is it slow?' }];
  const body = JSON.stringify({ model: 'gauntlet-1', stream: true, max_tokens: tokens, messages });
  const target = { host: '127.0.0.1', method: 'POST', path: '/v1/chat/completions' };
  return new Promise((resolve, reject) => {
    const times: number[] = [];
    let text = '';
    const sentAt = performance.now();
    const sent = request({ ...target, port, agent }, (response) => {
      response.setEncoding('latin1').on('data', (part: string) => {
        const now = performance.now();
        for (const _token of part.matchAll(/"delta":\{"content"/g)) times.push(now);
        text += part;
      });
      response.on('error', reject);
      response.on('end', () => {
        const queueMs = Number(/"queue_time_ms":([\d.]+)/.exec(text)?.[1]);
        if (times.length !== tokens) reject(new Error(`${times.length} of ${tokens} tokens came`));
        const gapsMs = times.slice(1).map((time, index) => time - (times[index] ?? 0));
        resolve({ ttftMs: (times[0] ?? Number.NaN) - sentAt, gapsMs, queueMs });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
