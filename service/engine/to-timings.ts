import type { GenerationProgress, GenerationTimings } from './engine.js';

/** When the parts of a generation happened, on one clock in milliseconds. */
export interface GenerationTimes {
  readonly queueMs: number;
  readonly startedAt: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly tokens: number;
}

/** The durations that clients and metrics are told, as vLLM defines them for its per-request metrics. */
export function toTimings({ queueMs, startedAt, firstAt, lastAt, tokens }: GenerationTimes): GenerationTimings {
  if (tokens === 0) return { queueMs, ttftMs: 0, generationMs: 0, meanItlMs: 0, tokensPerSecond: 0 };
  const generationMs = lastAt - firstAt;
  const wholeMs = lastAt - startedAt;
  return {
    queueMs,
    ttftMs: firstAt - startedAt,
    generationMs,
    meanItlMs: tokens > 1 ? generationMs / (tokens - 1) : 0,
    tokensPerSecond: wholeMs > 0 ? (1000 * tokens) / wholeMs : 0,
  };
}

/** What is known of a generation so far, from when it arrived, got its slot, and had its first token; undefined for what has not happened. */
export function toProgress(
  arrivedAt: number,
  startedAt: number | undefined,
  firstAt: number | undefined,
): GenerationProgress {
  if (startedAt === undefined) return {};
  const queueMs = startedAt - arrivedAt;
  return firstAt === undefined ? { queueMs } : { queueMs, prefillMs: firstAt - startedAt };
}
