import { type ChildProcess, spawn } from 'node:child_process';
import { request } from 'node:http';
import { portOf } from '../service/measure-streams.js';

/** What a client saw of one stream, in milliseconds. */
export interface StreamTiming {
  /** From when the request was sent to the first token. */
  readonly ttftMs: number;
  readonly gapsMs: readonly number[];
  /** Time in the queue, as the engine reports it. */
  readonly queueMs: number;
}

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
    const timings: StreamTiming[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const streams = Array.from({ length: concurrency }, () => timeStream(port, tokens));
      const timed = await Promise.all(streams);
      // The first round has both sides compile what they need.
      if (round >= 0) timings.push(...timed);
    }
    return timings;
  } finally {
    server.kill('SIGKILL');
  }
}

function timeStream(port: number, tokens: number): Promise<StreamTiming> {
  const messages = [{ role: 'user', content: 'Why is it slow?' }];
  const body = JSON.stringify({ model: 'gauntlet-1', stream: true, max_tokens: tokens, messages });
  return new Promise((resolve, reject) => {
    const times: number[] = [];
    let text = '';
    const sentAt = performance.now();
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path: '/v1/chat/completions' }, (response) => {
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
