import OpenAI from 'openai';
import type { Env } from '../../settings/env-reader.js';
import { placeFault } from '../../testing/place-fault.js';
import { postChat } from '../../testing/post-chat.js';
import { startTestService, type TestService } from '../../testing/start-test-service.js';

/** A service under test, and the official client for it. */
export interface Target extends AsyncDisposable {
  /** `http://host:port` at which clients reach it. */
  readonly url: string;
  readonly client: OpenAI;
  /** The service itself, whatever stands before it. */
  readonly test: TestService;
  /** Posts a chat completion as a client without a library does. */
  complete(fields?: Readonly<Record<string, unknown>>, init?: RequestInit): Promise<Response>;
  /** Puts a fault into the service; returns how many requests it has touched so far. */
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
      return targetOf(test, { before: upstream });
    },
  ],
];

/** A target of a service that clients reach at `url`, its own unless given. `before` is disposed after it. */
export function targetOf(
  test: TestService,
  { url = test.url, before }: { readonly url?: string; readonly before?: AsyncDisposable } = {},
): Target {
  return {
    url,
    client: new OpenAI({ baseURL: `${url}/v1`, apiKey: 'a-key', maxRetries: 0, logLevel: 'off' }),
    test,
    complete: (fields, init) => postChat(url, fields, init),
    placeFault: (fault) => placeFault(test, fault),
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await before?.[Symbol.asyncDispose]();
    },
  };
}
