import { randomUUID } from 'node:crypto';
import type { GenerationEnd } from '../engine/engine.js';

/** What every chunk of an answer, or the whole of it, says about itself. */
export interface AnswerHead {
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly model: string;
}

/** The head of a new answer. */
export function newAnswerHead(model: string): AnswerHead {
  return { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model };
}

/** OpenAI's `usage`: the prompt is counted once, however many choices were made of it. */
export function toUsage(ends: readonly GenerationEnd[]): object {
  const promptTokens = ends[0]?.usage.promptTokens ?? 0;
  const completionTokens = ends.reduce((sum, { usage }) => sum + usage.completionTokens, 0);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: ends[0]?.usage.cachedTokens ?? 0 },
  };
}

/** vLLM's `metrics` of one request, in milliseconds: what the engine says about the timing of an answer. */
export function toMetrics({ timings }: GenerationEnd): object {
  return {
    queue_time_ms: round(timings.queueMs),
    time_to_first_token_ms: round(timings.ttftMs),
    generation_time_ms: round(timings.generationMs),
    mean_itl_ms: round(timings.meanItlMs),
    tokens_per_second: round(timings.tokensPerSecond),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
