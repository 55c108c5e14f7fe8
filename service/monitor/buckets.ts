/**
 * Bucket bounds: seconds, and a count of tokens. Answers of a model take from milliseconds (a cached prefix, a small model) to minutes (a
 * long answer, a full queue), and each of these is a case that somebody tunes for, so the bounds grow by steady factors
 * over the whole range.
 */
export const buckets = {
  /** What OpenTelemetry recommends for `gen_ai.server.request.duration`, twice as far, and halved where answers lie. */
  duration: [
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 0.96, 1.28, 1.92, 2.56, 3.84, 5.12, 7.68, 10.24, 15.36, 20.48, 30.72,
    40.96, 61.44, 81.92, 163.84,
  ],
  /** Time to the first token: finer below half a second, which is where people notice. */
  firstToken: [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10,
    20, 40, 80, 160,
  ],
  /** Between two tokens: from a simulated millisecond to a stall that a reader takes for the end. */
  interToken: [
    0.0005, 0.001, 0.002, 0.004, 0.006, 0.008, 0.01, 0.0125, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15,
    0.2, 0.3, 0.5, 1, 2.5, 10, 30,
  ],
  /** Tokens of a prompt or an answer: from one to a whole long context. */
  tokens: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000],
} as const;
