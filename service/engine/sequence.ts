import type { Admitted } from './admission.js';
import type { Clock } from './clock.js';
import type {
  EndReason,
  EngineObserver,
  Generation,
  GenerationProgress,
  GenerationRequest,
  GenerationStart,
  TokenSink,
} from './engine.js';
import type { LatencyModel } from './latency-model.js';
import type { PlannedAnswer } from './plan-answer.js';
import type { PrefillInterference, RunningPrefill } from './prefill-interference.js';
import type { CacheLease, PrefixCache } from './prefix-cache.js';
import type { Random } from './random.js';
import { type Scheduler, type Task, TICK_REACH_MS } from './scheduler.js';
import { toProgress, toTimings } from './to-timings.js';

/** Before the first token, its sink is told that it comes. */
const PREPARATION_MS = 2;

/** What a sequence needs of the engine that it runs in. */
export interface SequenceHost {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly latency: LatencyModel;
  readonly cache: PrefixCache | undefined;
  /** For requests that give none. */
  readonly cacheHitThreshold: number;
  /** Undefined when prefills slow nothing down. */
  readonly interference: PrefillInterference | undefined;
  readonly observers: readonly EngineObserver[];
  readonly runningCount: number;
  /** The sequence ended at `at`; its slot can go to the next one. */
  left(sequence: Sequence, at: number): void;
}

/**
 * One generation of the simulated engine. Its due times are exact and follow from each other, not from when the timer
 * fired, so that lateness does not add up.
 */
export class Sequence implements Task, Generation, Admitted {
  dueAt = 0;
  heapIndex = -1;
  readonly arrivedAt: number;
  readonly #host: SequenceHost;
  readonly #request: GenerationRequest;
  readonly #sink: TokenSink;
  #answer: PlannedAnswer;
  readonly #random: Random;
  #start: GenerationStart;
  #lease: CacheLease | undefined;
  #prefill: RunningPrefill | undefined;
  #startedAt: number | undefined;
  #nextAt = 0;
  #sent = 0;
  #firstAt = 0;
  #lastAt = 0;
  #isPrepared = false;
  #over = false;

  constructor(
    host: SequenceHost,
    request: GenerationRequest,
    sink: TokenSink,
    plan: { readonly answer: PlannedAnswer; readonly promptTokens: number; readonly random: Random },
  ) {
    this.#host = host;
    this.#request = request;
    this.#sink = sink;
    this.#answer = plan.answer;
    this.#random = plan.random;
    this.#start = { promptTokens: plan.promptTokens, cachedTokens: 0, queueMs: 0 };
    this.arrivedAt = request.arrivedAt ?? host.clock.now();
  }

  get requestId(): string {
    return this.#request.requestId;
  }

  get progress(): GenerationProgress {
    return toProgress(this.arrivedAt, this.#startedAt, this.#sent > 0 ? this.#firstAt : undefined);
  }

  /** The first token: its delay is measured from outside, while those of the others are measured from token to token. */
  get isExact(): boolean {
    return this.#sent === 0 && this.#isPrepared;
  }

  /** Begins the prefill in a slot that was free from `at` on. */
  start(at: number): void {
    const { clock, scheduler, observers } = this.#host;
    this.#startedAt = at;
    const tooFew = this.#tooFewCachedTokens();
    if (tooFew === undefined) this.#beginPrefill(at);
    else {
      this.#answer = { tokens: [], reason: 'cache_threshold' };
      this.#start = { ...this.#start, cachedTokens: tooFew, queueMs: at - this.arrivedAt };
      this.#nextAt = at;
    }
    this.#sink.started(this.#start);
    for (const observer of observers) observer.started?.(this.#request.requestId, this.#start);
    this.#isPrepared = this.#nextAt - PREPARATION_MS <= clock.now();
    scheduler.schedule(this, this.#wakeAt());
  }

  /** Hands over the tokens that are due. */
  run(now: number): void {
    if (this.#request.live && !this.#isPrepared) {
      this.#isPrepared = true;
      this.#sink.prepare?.();
      this.#host.scheduler.schedule(this, this.#wakeAt());
      return;
    }
    const { tokens, reason } = this.#answer;
    while (this.#nextAt <= now + TICK_REACH_MS) {
      const at = this.#request.live ? now : this.#nextAt;
      const text = tokens[this.#sent];
      if (text !== undefined) this.#hand(text, at);
      if (this.#over) return;
      if (this.#sent >= tokens.length) {
        this.#end(reason, at, this.#nextAt);
        return;
      }
      this.#nextAt += this.#nextGapMs();
    }
    this.#sink.flush?.();
    if (!this.#over) this.#host.scheduler.schedule(this, this.#wakeAt());
  }

  cancel(): void {
    if (this.#over) return;
    this.#host.scheduler.cancel(this);
    const now = this.#host.clock.now();
    this.#end('cancelled', now, now);
  }

  /** The cached tokens of the prompt when they are too few for an answer to be wanted. */
  #tooFewCachedTokens(): number | undefined {
    const { cache, cacheHitThreshold } = this.#host;
    const threshold = this.#request.cacheHitThreshold ?? cacheHitThreshold;
    if (cache === undefined || threshold === 0) return undefined;
    const cachedTokens = cache.peek(this.#request.messages);
    return cachedTokens < threshold * this.#start.promptTokens ? cachedTokens : undefined;
  }

  #beginPrefill(at: number): void {
    const { latency, cache, interference } = this.#host;
    const { promptTokens } = this.#start;
    this.#lease = cache?.acquire(this.#request.messages);
    const cachedTokens = this.#lease?.cachedTokens ?? 0;
    const tokens = promptTokens - cachedTokens;
    const ms = latency.prefillMs(tokens, this.#random) * this.#slowness();
    this.#start = { promptTokens, cachedTokens, queueMs: at - this.arrivedAt };
    this.#nextAt = at + ms;
    this.#prefill = { endsAt: this.#nextAt, msPerToken: ms / Math.max(1, tokens) };
    interference?.begin(this.#prefill);
  }

  #endPrefill(): void {
    if (this.#prefill) this.#host.interference?.end(this.#prefill);
    this.#prefill = undefined;
  }

  #hand(text: string, at: number): void {
    const index = this.#sent;
    this.#sent += 1;
    const beforeAt = this.#lastAt;
    this.#lastAt = at;
    this.#sink.token(text, index);
    if (index === 0) {
      this.#endPrefill();
      this.#firstAt = at;
      // Out with it before it is counted.
      this.#sink.flush?.();
      for (const observer of this.#host.observers) observer.firstToken?.(at - this.arrivedAt);
    } else {
      for (const observer of this.#host.observers) observer.token?.(at - beforeAt);
    }
  }

  #end(reason: EndReason, at: number, slotFreeAt: number): void {
    this.#over = true;
    this.#endPrefill();
    const { promptTokens, cachedTokens } = this.#start;
    if (this.#lease) {
      this.#host.cache?.release(this.#lease);
      const content = this.#answer.tokens.slice(0, this.#sent).join('');
      this.#host.cache?.remember([...this.#request.messages, { role: 'assistant', content }]);
    }
    const end = {
      reason,
      usage: { promptTokens, cachedTokens, completionTokens: this.#sent },
      timings: toTimings({
        queueMs: (this.#startedAt ?? at) - this.arrivedAt,
        startedAt: this.#startedAt ?? at,
        firstAt: this.#firstAt,
        lastAt: this.#lastAt,
        tokens: this.#sent,
      }),
    };
    this.#sink.finished(end);
    for (const observer of this.#host.observers) observer.finished?.(this.#request.requestId, end, at - this.arrivedAt);
    this.#host.left(this, slotFreeAt);
  }

  #nextGapMs(): number {
    const { latency, interference, runningCount } = this.#host;
    const chunkMs = interference?.chunkMs(this.#nextAt, runningCount) ?? 0;
    return latency.interTokenMs(this.#random) * this.#slowness() + chunkMs;
  }

  /**
   * When a token must be handed over. An answer wanted whole is looked at when it is likely to be complete, unless the
   * prefills that slow it down would have to be remembered until then.
   */
  #wakeAt(): number {
    if (this.#host.interference && !this.#request.live) return this.#nextAt;
    if (this.#request.live) return this.#isPrepared ? this.#nextAt : this.#nextAt - PREPARATION_MS;
    const after = Math.max(0, this.#answer.tokens.length - this.#sent - 1);
    return this.#nextAt + after * this.#host.latency.meanInterTokenMs * this.#slowness();
  }

  #slowness(): number {
    return this.#host.latency.loadFactor(this.#host.runningCount) * (this.#request.slowdown ?? 1);
  }
}
