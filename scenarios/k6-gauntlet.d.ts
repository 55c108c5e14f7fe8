/** The module of Gauntlet's k6. Times are milliseconds since the epoch with three decimals, 0 for what never came. */
declare module 'k6/x/gauntlet' {
  import type { CookieJar } from 'k6/http';

  /** What `request` takes. Where k6/http has a parameter of the same name, it means the same. */
  export interface RequestParams {
    readonly headers?: Readonly<Record<string, string>>;
    readonly cookies?: Readonly<Record<string, string | { readonly value: string; readonly replace?: boolean }>>;
    readonly jar?: CookieJar;
    readonly tags?: Readonly<Record<string, string | number | boolean>>;
    /** For the whole exchange, in milliseconds or as `'30s'`; one minute by default. */
    readonly timeout?: number | string;
    readonly redirects?: number;
    readonly responseType?: 'text' | 'none';
    /** Sent as `x-request-id`, and the id of the record. */
    readonly requestId?: string;
    /** When the schedule wanted it sent: latency counts from here. */
    readonly intendedAt?: number;
    /** Name of the cookie to record as sent and as set. */
    readonly affinityCookie?: string;
    /** Ends the exchange when nothing arrives for this time, in milliseconds or as `'5s'`. */
    readonly idleTimeout?: number | string;
  }

  export interface StreamParams extends RequestParams {
    /** Ends the stream after this event, as a client does that goes away. */
    readonly abortAfterEvents?: number;
    /**
     * `openai`, the default: chunks of chat completions, ended by `[DONE]`. `plain`: every event counts as a token, and
     * the stream may end anywhere.
     */
    readonly format?: 'openai' | 'plain';
  }

  /** What became of an exchange: its record, and the content. Never rejects for what a server or a network does. */
  export interface Exchange {
    readonly requestId: string;
    readonly intendedAt: number;
    readonly sentAt: number;
    readonly firstByteAt: number;
    readonly endedAt: number;
    /** Status of the response, also when its body broke off; 0 when none came. */
    readonly status: number;
    /** k6's error code, or one of 1901 to 1905; 0 when there was none. */
    readonly errorCode: number;
    readonly error: string;
    /** Bytes of the body on the wire. */
    readonly bytes: number;
    /** Whether the response came whole. */
    readonly done: boolean;
    /** Address of the server, `host:port`. */
    readonly remote: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
  }

  export interface StreamExchange extends Exchange {
    readonly firstEventAt: number;
    /** When the first event with generated content arrived; one with a role only has none. */
    readonly firstTokenAt: number;
    /** Times between events with generated content, in milliseconds. */
    readonly gapsMs: readonly number[];
    /** What the server reports, else the number of events with content. */
    readonly tokens: number;
    readonly finishReason: string;
    /** Every event with its time of arrival; empty with `responseType: 'none'`. */
    readonly events: readonly { readonly at: number; readonly name: string; readonly data: string }[];
  }

  /** Fields of a record for an exchange that was made by other means. */
  export interface RecordFields {
    /** `websocket` by default. */
    readonly protocol?: 'http' | 'sse' | 'websocket';
    readonly requestId?: string;
    readonly intendedAt?: number;
    readonly sentAt: number;
    readonly firstByteAt?: number;
    readonly firstTokenAt?: number;
    readonly endedAt: number;
    readonly status?: number;
    readonly errorCode?: number;
    readonly error?: string;
    readonly bytes?: number;
    readonly instance?: string;
    readonly retryAfter?: string;
    readonly cookieSent?: string;
    readonly tokens?: number;
    readonly finishReason?: string;
    readonly done?: boolean;
    readonly gapsMs?: readonly number[];
    readonly remote?: string;
  }

  /** Sends a request; resolves when its response has been read. Throws a TypeError for wrong arguments. */
  export function request(
    method: string,
    url: string,
    body?: string | ArrayBuffer | null,
    params?: RequestParams,
  ): Promise<Exchange>;

  /** Sends a request whose response is a stream of server-sent events; resolves when it has ended. */
  export function stream(
    method: string,
    url: string,
    body?: string | ArrayBuffer | null,
    params?: StreamParams,
  ): Promise<StreamExchange>;

  /** Records an exchange that was made by other means. */
  export function record(fields: RecordFields): void;
}
