/** One figure of a benchmark, and what it should be. */
export interface Figure {
  readonly name: string;
  readonly measured: string;
  readonly goal: string;
}

/** What `npm run bench` can run. It measures what it compares side by side in one run, and cleans up behind itself. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** `say` prints a line of detail at once; the returned figures are printed last. */
  run(say: (line: string) => void, signal: AbortSignal): Promise<readonly Figure[]>;
}
