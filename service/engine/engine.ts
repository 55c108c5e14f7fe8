import type { OpenAiError } from '../errors/openai-error.js';
import type { PromptMessage } from './prompt.js';

/** What an engine is asked to generate: one answer to one list of messages. */
export interface GenerationRequest {
  /** Names the request to observers; `''` when the client sent none. */
  readonly requestId: string;
  readonly messages: readonly PromptMessage[];
  /** Most tokens of the answer; undefined leaves the length to the model. */
  readonly maxTokens?: number | undefined;
  /** Decides the tokens together with the messages; the engine's own seed unless given. */
  readonly seed?: number | undefined;
  /** Tells apart the answers to one request: the same seed gives each another answer. 0 unless given. */
  readonly choice?: number;
  /** Texts before which the answer ends. */
  readonly stop?: readonly string[] | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  /** Least share of the prompt that must be in the prefix cache, 0 to 1; the engine's own threshold unless given. */
  readonly cacheHitThreshold?: number | undefined;
  /** Whether each token is wanted when it is due. False lets the engine hand over the whole answer at its end. */
  readonly live: boolean;
  /** When the request arrived, on the clock of `performance.now()`; now unless given. Reading a request is then part of its prefill. */
  readonly arrivedAt?: number | undefined;
  /** Multiplies every delay of this answer; 1 unless given. */
  readonly slowdown?: number | undefined;
}

/** What is known when a generation got its slot. */
export interface GenerationStart {
  readonly promptTokens: number;
  /** Prompt tokens that need no prefill because their blocks are in the prefix cache. */
  readonly cachedTokens: number;
  /** Milliseconds spent waiting for a slot. */
  readonly queueMs: number;
}

/** Durations of one generation, in milliseconds, as the engine saw them. */
export interface GenerationTimings {
  /** Waiting for a slot. */
  readonly queueMs: number;
  /** From the slot to the first token: the queue is not part of it. 0 when there was no token. */
  readonly ttftMs: number;
  /** From the first token to the last one. */
  readonly generationMs: number;
  /** `generationMs` over the tokens after the first; 0 when there are none. */
  readonly meanItlMs: number;
  /** Tokens a second from the slot to the last token. */
  readonly tokensPerSecond: number;
}

/**
 * Why a generation ended: the model was done or met a stop text, a limit was reached, too little of the prompt was in
 * the prefix cache, the client left, or it failed.
 */
export type EndReason = 'stop' | 'length' | 'cache_threshold' | 'cancelled' | 'error';

/** How a generation ended. */
export interface GenerationEnd {
  readonly reason: EndReason;
  readonly usage: { readonly promptTokens: number; readonly cachedTokens: number; readonly completionTokens: number };
  readonly timings: GenerationTimings;
  /** With the reason `error`: what to tell the client. */
  readonly error?: OpenAiError;
}

/** Where the tokens of one generation go. Calls come in this order, and none after `finished`; none may throw. */
export interface TokenSink {
  /** The generation has a slot. Not called for one that ends while it waits. */
  started(start: GenerationStart): void;
  /** The first token comes in a moment: what can be done before it should be done now. Only called for a live one. */
  prepare?(): void;
  /** One token; `index` counts from 0. */
  token(text: string, index: number): void;
  /** The tokens that are due now have been handed over. A sink that writes may gather them until then. */
  flush?(): void;
  finished(end: GenerationEnd): void;
}

/** How long the parts of a generation took, in milliseconds: those that are over. */
export interface GenerationProgress {
  /** Waiting for a slot, from the arrival on. Absent while it waits, and for one that left the queue otherwise. */
  readonly queueMs?: number;
  /** From the slot to the first token. Absent until there is one. */
  readonly prefillMs?: number;
}

/** A generation that waits or runs. */
export interface Generation {
  readonly progress: GenerationProgress;
  /** Ends it at once and frees its slot; its sink is told `cancelled`. Does nothing after the end. */
  cancel(): void;
}

/** What watches an engine. Each call is made once a generation, but `token` once a token: keep that one cheap. */
export interface EngineObserver {
  /** Taken in; it may still have to wait for a slot. */
  queued?(requestId: string): void;
  started?(requestId: string, start: GenerationStart): void;
  /** `ttftMs` is counted from the arrival, so the queue is part of it. */
  firstToken?(ttftMs: number): void;
  /** Any token after the first; `itlMs` is the time since the one before. */
  token?(itlMs: number): void;
  /** `e2eMs` is counted from the arrival. */
  finished?(requestId: string, end: GenerationEnd, e2eMs: number): void;
  /** Refused because slots and queue were full. */
  rejected?(requestId: string): void;
}

/** The state of an engine now, and what it has counted since it was made. */
export interface EngineStats {
  readonly running: number;
  readonly waiting: number;
  readonly maxNumSeqs: number;
  readonly maxWaitingQueueLength: number;
  /** Share of the cache blocks that running generations hold, 0 to 1. */
  readonly kvCacheUsage: number;
  /** Prompt tokens looked up in the prefix cache, and those found. */
  readonly prefixCacheQueries: number;
  readonly prefixCacheHits: number;
  readonly promptTokens: number;
  readonly generationTokens: number;
}

/** Turns requests into tokens: slots, a bounded first-come first-served queue before them, and what runs in them. */
export interface Engine {
  /**
   * Takes a request in. `sink.started` may be called before this returns, `token` and `finished` are called later.
   * @throws QueueFull when every slot and place in the queue is taken.
   * @throws OpenAiError 400 `context_length_exceeded` when prompt and answer do not fit into the model's context.
   */
  submit(request: GenerationRequest, sink: TokenSink): Generation;
  stats(): EngineStats;
  /** Adds an observer for the rest of the engine's life. */
  observe(observer: EngineObserver): void;
}
