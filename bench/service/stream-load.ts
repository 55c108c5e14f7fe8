/** What the client process is told to do: hold `streams` chat completion streams open and time each of their tokens. */
export interface StreamLoad {
  readonly port: number;
  readonly streams: number;
  /** Milliseconds from a request to its first token, as the service is configured. */
  readonly prefillMs: number;
  /** Milliseconds between two tokens, as the service is configured. */
  readonly interTokenMs: number;
  /** Milliseconds over which the streams are opened, evenly. */
  readonly rampMs: number;
  /** Milliseconds after the ramp that are not measured. */
  readonly settleMs: number;
  /** Milliseconds that are measured. */
  readonly measureMs: number;
}

/** What the client process saw in the measured time. */
export interface StreamLoadResult {
  readonly tokens: number;
  /** Tokens that were due in the measured time. */
  readonly tokensDue: number;
  /** Streams that ended or failed before the measurement did. */
  readonly streamsLost: number;
  /** Milliseconds after the due time, by percentile. */
  readonly latenessMs: Readonly<Record<'p50' | 'p90' | 'p99' | 'max', number>>;
  /** Share of one core that the client process used. */
  readonly cpu: number;
}
