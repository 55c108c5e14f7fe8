/** The time, and a way to be called later: what a scheduler needs from the outside world. */
export interface Clock {
  /** Milliseconds with fractions; monotonic. */
  now(): number;
  /** Calls `wake` once after about `ms` whole milliseconds; returns what undoes that. */
  callAfter(ms: number, wake: () => void): () => void;
  /** Calls `wake` once as soon as what else waits had its turn; returns what undoes that. */
  callSoon(wake: () => void): () => void;
}

/** The clock of this process: `performance.now()` and Node's timers. */
export const processClock: Clock = {
  now: () => performance.now(),
  callAfter: (ms, wake) => {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
  callSoon: (wake) => {
    const immediate = setImmediate(wake);
    return () => clearImmediate(immediate);
  },
};
