/**
 * How the arrivals of a stage lie in time. `constant`: evenly spaced. `poisson`: as if many people asked independently of
 * one another, with bunches and lulls. Both number `ratePerSecond` times the duration, so that loads can be compared.
 */
export type Arrivals = 'constant' | 'poisson';

/** A stretch of open-loop arrivals: `ratePerSecond` from `fromMs` until `untilMs`, measured from the start of the load. */
export interface Stage {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly ratePerSecond: number;
  /** `constant` where it is absent. */
  readonly arrivals?: Arrivals;
}

/**
 * `count` clients of one kind. Each is one k6 VU with its own source address and cookie jar; each follows `stages`
 * by itself, so a client never waits for another one. `spreadMs` staggers their starts evenly over that time.
 */
export interface ClientGroup {
  readonly name: string;
  readonly count: number;
  readonly stages: readonly Stage[];
  readonly spreadMs: number;
}

/** The load of one arm. */
export interface Traffic {
  readonly groups: readonly ClientGroup[];
  /** Decides the instants that are drawn, the same ones for the same seed in every arm; 0 where it is absent. */
  readonly seed?: number;
}

/** What one client is to send: its requests, numbered from 0 in time order. */
export interface ClientSchedule {
  /** Number of the client (k6 VU), from 1. */
  readonly client: number;
  readonly group: string;
  /** When each request is due, in milliseconds from the start of the load. */
  readonly instants: readonly number[];
}

/** One request that the schedule asks for, before anything was sent. `atMs` counts from the start of the load. */
export interface PlannedArrival {
  readonly requestId: string;
  /** Number of the client (k6 VU), from 1. */
  readonly client: number;
  readonly group: string;
  readonly atMs: number;
}
