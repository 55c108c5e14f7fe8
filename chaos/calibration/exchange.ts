/** One exchange as a client saw it: what calibration compares with the truth. Times are epoch milliseconds. */
export interface Exchange {
  readonly requestId: string;
  /** When the schedule wanted it sent. */
  readonly intendedAt: number;
  readonly sentAt: number;
  /** When the first token arrived; 0 where the answer has no tokens of its own, as without streaming. */
  readonly firstTokenAt: number;
  readonly endedAt: number;
  /** Times between two tokens, one after the other; empty without streaming. */
  readonly gapsMs: readonly number[];
  /** Whether the answer came whole. */
  readonly done: boolean;
}

/** One answer as the known-delay server gave it, stamped by itself directly before each write. */
export interface KnownAnswer {
  readonly requestId: string;
  readonly protocol: Protocol;
  /** What it was asked for: the delay of the first token and of each further one. */
  readonly ttftMs: number;
  readonly gapMs: number;
  readonly receivedAt: number;
  /** When each token left; one entry, for the whole answer, without streaming. */
  readonly sentAt: readonly number[];
  readonly completed: boolean;
}

/** How an answer travels. */
export type Protocol = 'http' | 'sse' | 'websocket';
