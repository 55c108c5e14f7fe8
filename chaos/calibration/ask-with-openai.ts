import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import OpenAI from 'openai';
import { TokenTimes } from '../../scenarios/pure/token-times.js';
import type { Exchange } from './exchange.js';

/**
 * Asks for streamed chat completions with OpenAI's own client, as an application would, and notes what it saw.
 *
 * @param baseUrl `http://host:port`, without a path
 * @param instants when to ask, in epoch milliseconds, whether or not earlier answers are complete
 * @param name prefix of the request ids
 */
export async function askWithOpenAi(
  baseUrl: string,
  instants: readonly number[],
  name: string,
  signal: AbortSignal,
): Promise<readonly Exchange[]> {
  // Every request listens.
  setMaxListeners(0, signal);
  const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: 'none', maxRetries: 0, logLevel: 'off' });
  // Code that runs for the first time is slow; these are not part of the measurement.
  await Promise.all([0, 1, 2].map((index) => ask(client, `${name}.warm-up.${index}`, now(), signal)));
  return Promise.all(
    instants.map(async (intendedAt, index) => {
      await delay(Math.max(0, intendedAt - now()), undefined, { signal });
      return ask(client, `${name}.${index}`, intendedAt, signal);
    }),
  );
}

async function ask(client: OpenAI, requestId: string, intendedAt: number, signal: AbortSignal): Promise<Exchange> {
  const times = new TokenTimes();
  const sentAt = now();
  let done = false;
  try {
    const answer = await client.chat.completions.create(
      { model: 'known-delay', stream: true, messages: [{ role: 'user', content: `request ${requestId}` }] },
      { headers: { 'x-request-id': requestId }, signal },
    );
    for await (const { choices } of answer) {
      const arrivedAt = now();
      const [choice] = choices;
      if (choice?.delta.content) times.add(arrivedAt);
      // The client takes a stream that broke off for one that ended, so its end says nothing.
      if (choice?.finish_reason != null) done = true;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    done = false;
  }
  const { firstAt: firstTokenAt, gapsMs } = times;
  return { requestId, intendedAt, sentAt, firstTokenAt, endedAt: now(), gapsMs, done };
}

/** Epoch milliseconds with microseconds, on a clock that does not jump. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
