import { OpenAiError } from '../errors/openai-error.js';
import { type Clock, processClock } from './clock.js';
import type { Engine, EngineObserver, EngineStats, Generation, GenerationRequest, TokenSink } from './engine.js';
import { LatencyModel, type LatencySettings } from './latency-model.js';
import { planAnswer } from './plan-answer.js';
import { PrefixCache } from './prefix-cache.js';
import { countPromptTokens } from './prompt.js';
import { QueueFull } from './queue-full.js';
import { Random } from './random.js';
import { Scheduler } from './scheduler.js';
import { Sequence, type SequenceHost } from './sequence.js';
import { Slots } from './slots.js';

/** A simulated model, with the parameter names of llm-d-inference-sim. */
export interface SimulationSettings extends LatencySettings {
  readonly mode: 'random' | 'echo';
  /** Decides tokens and delays. */
  readonly seed: number;
  /** Generations that run at the same time. */
  readonly maxNumSeqs: number;
  readonly maxWaitingQueueLength: number;
  /** Tokens of prompt and answer together. */
  readonly maxModelLen: number;
  readonly enableKvcache: boolean;
  /** Blocks of the prefix cache. */
  readonly kvCacheSize: number;
  /** Tokens of a block. */
  readonly blockSize: number;
}

/** Weight of the newest generation in the mean stay in a slot, which `Retry-After` is estimated from. */
const STAY_WEIGHT = 0.1;
/** Clients of OpenAI ignore a longer `Retry-After`, and then retry sooner. */
const MAX_RETRY_AFTER_S = 60;

/** An engine that computes nothing: it decides each answer when it is asked, and when each of its tokens is due. */
export class SimulatedEngine implements Engine {
  readonly #settings: SimulationSettings;
  readonly #slots: Slots<Sequence>;
  readonly #cache: PrefixCache | undefined;
  readonly #observers: EngineObserver[] = [];
  readonly #host: SequenceHost;
  #submitted = 0;
  readonly #totals = { promptTokens: 0, generationTokens: 0 };
  #meanStayMs = 0;

  constructor(settings: SimulationSettings, clock: Clock = processClock) {
    this.#settings = settings;
    const slots = new Slots<Sequence>(settings.maxNumSeqs, settings.maxWaitingQueueLength);
    this.#slots = slots;
    this.#cache = settings.enableKvcache ? new PrefixCache(settings.kvCacheSize, settings.blockSize) : undefined;
    this.#host = {
      clock,
      scheduler: new Scheduler(clock),
      latency: new LatencyModel(settings, settings.maxNumSeqs),
      cache: this.#cache,
      observers: this.#observers,
      get runningCount() {
        return slots.running;
      },
      left: (sequence, at) => this.#leave(sequence, at),
    };
    this.observe({
      started: (_requestId, { promptTokens }) => {
        this.#totals.promptTokens += promptTokens;
      },
      finished: (_requestId, { usage, timings }) => {
        this.#totals.generationTokens += usage.completionTokens;
        this.#meanStayMs += STAY_WEIGHT * (timings.ttftMs + timings.generationMs - this.#meanStayMs);
      },
    });
  }

  submit(request: GenerationRequest, sink: TokenSink): Generation {
    const promptTokens = countPromptTokens(request.messages);
    const { mode, seed, maxModelLen } = this.#settings;
    assertFits(promptTokens, request.maxTokens ?? 1, maxModelLen);
    if (this.#slots.isFull) {
      for (const observer of this.#observers) observer.rejected?.(request.requestId);
      throw new QueueFull(this.#secondsUntilPlace());
    }
    const answer = planAnswer({
      mode,
      seed: (request.seed ?? seed) + (request.choice ?? 0),
      messages: request.messages,
      maxTokens: request.maxTokens,
      room: maxModelLen - promptTokens,
      stop: request.stop ?? [],
    });
    this.#submitted += 1;
    const random = new Random(seed, this.#submitted);
    const sequence = new Sequence(this.#host, request, sink, { answer, promptTokens, random });
    for (const observer of this.#observers) observer.queued?.(request.requestId);
    if (this.#slots.enter(sequence)) sequence.start(sequence.arrivedAt);
    return sequence;
  }

  stats(): EngineStats {
    return {
      running: this.#slots.running,
      waiting: this.#slots.waiting,
      maxNumSeqs: this.#slots.maxNumSeqs,
      maxWaitingQueueLength: this.#slots.maxWaitingQueueLength,
      kvCacheUsage: this.#cache?.usage ?? 0,
      prefixCacheQueries: this.#cache?.queries ?? 0,
      prefixCacheHits: this.#cache?.hits ?? 0,
      ...this.#totals,
    };
  }

  observe(observer: EngineObserver): void {
    this.#observers.push(observer);
  }

  #leave(sequence: Sequence, at: number): void {
    const next = this.#slots.leave(sequence);
    // A slot can have become free, on paper, before the one who gets it arrived.
    next?.start(Math.max(at, next.arrivedAt));
  }

  /** When everyone waiting stays as long as generations did lately. */
  #secondsUntilPlace(): number {
    const rounds = (this.#slots.waiting + 1) / this.#slots.maxNumSeqs;
    return Math.min(MAX_RETRY_AFTER_S, Math.max(1, Math.ceil((rounds * this.#meanStayMs) / 1000)));
  }
}

function assertFits(promptTokens: number, answerTokens: number, maxModelLen: number): void {
  if (promptTokens + answerTokens <= maxModelLen) return;
  throw new OpenAiError({
    status: 400,
    message:
      `This model's context is ${maxModelLen} tokens long, but ${promptTokens + answerTokens} were asked for: ` +
      `${promptTokens} in the messages and ${answerTokens} for the answer. Shorten either.`,
    param: 'messages',
    code: 'context_length_exceeded',
  });
}
