import { OpenAiError } from '../errors/openai-error.js';
import { Admission, type AdmissionSettings } from './admission.js';
import { type Clock, processClock } from './clock.js';
import type { Engine, EngineObserver, EngineStats, Generation, GenerationRequest, TokenSink } from './engine.js';
import { LatencyModel, type LatencySettings } from './latency-model.js';
import { planAnswer } from './plan-answer.js';
import { PrefillInterference } from './prefill-interference.js';
import { PrefixCache } from './prefix-cache.js';
import { countPromptTokens } from './prompt.js';
import { Random } from './random.js';
import { Scheduler } from './scheduler.js';
import { Sequence, type SequenceHost } from './sequence.js';

/** A simulated model, with the parameter names of llm-d-inference-sim. */
export interface SimulationSettings extends LatencySettings, AdmissionSettings {
  readonly mode: 'random' | 'echo';
  /** Decides tokens and delays. */
  readonly seed: number;
  /** Tokens of prompt and answer together. */
  readonly maxModelLen: number;
  readonly enableKvcache: boolean;
  /** Blocks of the prefix cache. */
  readonly kvCacheSize: number;
  /** Tokens of a block. */
  readonly blockSize: number;
  /** Least share of a prompt that must be cached, 0 to 1, where the request does not say another: else it gets no answer. */
  readonly globalCacheHitThreshold: number;
  /** Tokens that a step of the engine computes; 0 lets prefills not slow down what is being decoded. */
  readonly maxNumBatchedTokens: number;
}

/** An engine that computes nothing: it decides each answer when it is asked, and when each of its tokens is due. */
export class SimulatedEngine implements Engine {
  readonly #settings: SimulationSettings;
  readonly #admission: Admission<Sequence>;
  readonly #cache: PrefixCache | undefined;
  readonly #host: SequenceHost & { latency: LatencyModel };
  #submitted = 0;

  constructor(settings: SimulationSettings, clock: Clock = processClock) {
    this.#settings = settings;
    const admission = new Admission<Sequence>(settings);
    this.#admission = admission;
    this.#cache = settings.enableKvcache ? new PrefixCache(settings.kvCacheSize, settings.blockSize) : undefined;
    this.#host = {
      clock,
      scheduler: new Scheduler(clock),
      latency: new LatencyModel(settings, settings.maxNumSeqs),
      cache: this.#cache,
      cacheHitThreshold: settings.globalCacheHitThreshold,
      interference:
        settings.maxNumBatchedTokens > 0 ? new PrefillInterference(settings.maxNumBatchedTokens) : undefined,
      observers: admission.observers,
      get runningCount() {
        return admission.running;
      },
      left: (sequence, at) => admission.leave(sequence, at),
    };
  }

  submit(request: GenerationRequest, sink: TokenSink): Generation {
    const promptTokens = countPromptTokens(request.messages);
    const { mode, seed, maxModelLen } = this.#settings;
    assertFits(promptTokens, request.maxTokens ?? 1, maxModelLen);
    this.#admission.assertRoom(request.requestId);
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
    this.#admission.admit(sequence);
    return sequence;
  }

  /** From now on delays are drawn from these settings, of answers that run already too. */
  set latencies(latencies: LatencySettings) {
    this.#host.latency = new LatencyModel(latencies, this.#settings.maxNumSeqs);
  }

  stats(): EngineStats {
    return {
      ...this.#admission.stats(),
      kvCacheUsage: this.#cache?.usage ?? 0,
      prefixCacheQueries: this.#cache?.queries ?? 0,
      prefixCacheHits: this.#cache?.hits ?? 0,
    };
  }

  observe(observer: EngineObserver): void {
    this.#admission.observers.push(observer);
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
