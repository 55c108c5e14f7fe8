/** A prefill that runs. */
export interface RunningPrefill {
  /** On the clock of the engine, in milliseconds. */
  readonly endsAt: number;
  readonly msPerToken: number;
}

/**
 * How prefills slow down what is being decoded, as in an engine with chunked prefill: a step computes the next token of
 * each running generation and, in what these leave of `max-num-batched-tokens`, the next chunk of a prompt. The tokens
 * of the step are there when all of it is computed.
 */
export class PrefillInterference {
  readonly #maxNumBatchedTokens: number;
  readonly #running = new Set<RunningPrefill>();

  constructor(maxNumBatchedTokens: number) {
    this.#maxNumBatchedTokens = maxNumBatchedTokens;
  }

  begin(prefill: RunningPrefill): void {
    this.#running.add(prefill);
  }

  /** Does nothing when it has ended. */
  end(prefill: RunningPrefill): void {
    this.#running.delete(prefill);
  }

  /**
   * Milliseconds that a step takes longer which begins at `at` with `sequences` in their slots. Prefills run beside each
   * other in this engine, so that of several the longest chunk counts.
   */
  chunkMs(at: number, sequences: number): number {
    // However many are decoded, a prefill gets on.
    const tokens = Math.max(1, this.#maxNumBatchedTokens - (sequences - this.#running.size));
    let longest = 0;
    for (const { endsAt, msPerToken } of this.#running) {
      longest = Math.max(longest, Math.min(endsAt - at, tokens * msPerToken));
    }
    return longest;
  }
}
