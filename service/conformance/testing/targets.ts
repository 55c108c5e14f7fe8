import OpenAI from 'openai';
import type { Env } from '../../settings/env-reader.js';
import { startTestService, TEST_TOKEN, type TestService } from '../../testing/start-test-service.js';

/** A service under test, and the official client for it. */
export interface Target extends AsyncDisposable {
  readonly test: TestService;
  readonly client: OpenAI;
  /** Puts a fault into the service under test; returns how many requests it has touched so far. */
  placeFault(fault: object): Promise<() => Promise<number>>;
}

/** Starts a service: `engine` are settings of the engine, `surface` those of what stands before it. */
export type StartTarget = (engine?: Env, surface?: Env) => Promise<Target>;

/** The service with its own engine, and with another instance of itself as the upstream: both must pass the same suite. */
export const targets: readonly (readonly [name: string, start: StartTarget])[] = [
  ['its own engine', async (engine = {}, surface = {}) => targetOf(await startTestService({ ...engine, ...surface }))],
  [
    'an upstream',
    async (engine = {}, surface = {}) => {
      const upstream = await startTestService({ INSTANCE_ID: 'upstream', ...engine });
      const test = await startTestService({ ...surface, UPSTREAM_URL: `${upstream.url}/v1` });
      return targetOf(test, upstream);
    },
  ],
];

/** All that a stream or a list of pages gives. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

interface PlacedFaults {
  readonly faults: readonly { readonly id: string; readonly touched: number }[];
}

function targetOf(test: TestService, upstream?: TestService): Target {
  return {
    test,
    client: new OpenAI({ baseURL: `${test.url}/v1`, apiKey: 'a-key', maxRetries: 0 }),
    async placeFault(fault) {
      const headers = { authorization: `Bearer ${TEST_TOKEN}` };
      const url = `${test.controlUrl}/faults`;
      const placed = await fetch(url, { method: 'POST', headers, body: JSON.stringify(fault) });
      if (placed.status !== 201) throw new Error(await placed.text());
      const { id } = (await placed.json()) as { id: string };
      return async () => {
        const { faults } = (await (await fetch(url, { headers })).json()) as PlacedFaults;
        return faults.find((one) => one.id === id)?.touched ?? 0;
      };
    },
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await upstream?.[Symbol.asyncDispose]();
    },
  };
}
