import type { FaultRecord } from './fault-record.js';
import type { Links } from './link.js';
import type { RoutePolicy } from './policy.js';

/** One exchange as the load generator saw it. Times are epoch milliseconds, 0 for what never came. */
export interface ClientRecord {
  readonly requestId: string;
  readonly protocol: 'http' | 'sse' | 'websocket';
  /** Name of k6's scenario. */
  readonly scenario: string;
  readonly client: number;
  /** When the schedule wanted it sent; latency counts from here. */
  readonly intendedAt: number;
  readonly sentAt: number;
  readonly firstByteAt: number;
  /** When the first event with generated content arrived. */
  readonly firstTokenAt: number;
  readonly endedAt: number;
  /** HTTP status, also when the body broke off; 0 when no response came. */
  readonly status: number;
  /** k6's error code or one of ours (docs/k6-extension.md), 0 when there was none. */
  readonly errorCode: number;
  readonly error: string;
  /** `X-LLM-Instance` of the response, empty when absent. */
  readonly instance: string;
  /** `Retry-After` of the response, empty when absent. */
  readonly retryAfter: string;
  /** The affinity cookie that was sent with the request, empty when none was. */
  readonly cookieSent: string;
  /** The affinity cookie that the response set, with its attributes. */
  readonly cookieSet?: { readonly value: string; readonly secure: boolean; readonly httpOnly: boolean };
  /** Of the body, on the wire. */
  readonly bytes: number;
  /** What the service reports, else the number of events with generated content. */
  readonly tokens: number;
  readonly finishReason: string;
  /** Whether the response came whole: the end marker of a stream, or the end of the body. */
  readonly done: boolean;
  /** Milliseconds between events with generated content; absent for plain HTTP. */
  readonly gapsMs?: readonly number[];
  /** The server's `host:port`, empty when there was no connection. */
  readonly remote: string;
}

/** One line of Traefik's access log. Times are epoch milliseconds, durations milliseconds. */
export interface GatewayRecord {
  readonly requestId: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly status: number;
  /** Status from the last server tried, 0 when none was reached. */
  readonly originStatus: number;
  /** URL of the last server tried, empty when none was. */
  readonly serverUrl: string;
  readonly clientHost: string;
}

/** One arrival at a service instance. A request that was tried twice arrives twice. */
export interface ServiceRecord {
  readonly requestId: string;
  readonly instance: string;
  readonly method: string;
  readonly path: string;
  readonly arrivedAt: number;
  /** Undefined when it never finished: the instance died with the request in flight. */
  readonly finishedAt: number | undefined;
  /** Status sent, 0 when none was. */
  readonly status: number;
  /** False when the connection or the instance went away before the whole response was handed over. */
  readonly completed: boolean;
  /** Milliseconds of waiting for a slot of the engine; absent when no answer was generated. */
  readonly queueMs?: number | undefined;
  /** Milliseconds from the slot to the first token. */
  readonly prefillMs?: number | undefined;
}

/** Counters of one arm from one scrape of Traefik's metrics. Values are cumulative since Traefik's start. */
export interface GatewayScrape {
  readonly at: number;
  /** `traefik_router_requests_total` by status code. */
  readonly routerRequests: Readonly<Record<string, number>>;
  /** `traefik_service_requests_total` by status code: every attempt counts. */
  readonly serviceRequests: Readonly<Record<string, number>>;
  readonly configReloads: number;
}

/** A value for a parameter of a query. */
export type SqlValue = string | number | boolean;

/** Values for the parameters of a query by name; `$from` in the query is `from` here. */
export type SqlValues = Readonly<Record<string, SqlValue>>;

/**
 * Everything known about one arm of an experiment. What is small is here as it is; what the vantages saw of single
 * requests is asked for in SQL, because a run may hold more of it than memory does.
 *
 * A query sees the views `planned`, `client`, `gateway`, `service` and `requests` with the rows of this arm alone
 * (docs/ledger.md describes them). What it returns in rows comes in no order unless it says ORDER BY, and an order that
 * leaves ties would let two runs over the same evidence differ: end it with `requestId`.
 */
export interface ArmLedger {
  readonly arm: string;
  readonly policy: RoutePolicy;
  readonly links: Links;
  /** Epoch milliseconds of the start of the load; undefined when the generator never started. */
  readonly startedAt: number | undefined;
  readonly faults: readonly FaultRecord[];
  readonly scrapes: readonly GatewayScrape[];
  /** What is missing or damaged in the evidence, a sentence each; empty when whole. */
  readonly gaps: readonly string[];
  /** All rows of a query whose result is small. */
  query<T>(sql: string, values?: SqlValues): Promise<readonly T[]>;
  /** The rows of a query a few thousand at a time, so that they never are in memory all at once. */
  stream<T>(sql: string, values?: SqlValues): AsyncIterable<readonly T[]>;
}
