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
import { TokenTimes } from './token-times.js';

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
  readonly #host: SequenceHost;
  readonly #request: GenerationRequest;
  readonly #sink: TokenSink;
  readonly #random: Random;
  readonly #times: TokenTimes;
  #answer: PlannedAnswer;
  #start: GenerationStart;
  #lease: CacheLease | undefined;
  #prefill: RunningPrefill | undefined;
  #nextAt = 0;
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
    this.#times = new TokenTimes(request.arrivedAt ?? host.clock.now());
  }

  get arrivedAt(): number {
    return this.#times.arrivedAt;
  }

  get requestId(): string {
    return this.#request.requestId;
  }

  get progress(): GenerationProgress {
    return this.#times.progress();
  }

  /** The first token: its delay is measured from outside, while those of the others are measured from token to token. */
  get isExact(): boolean {
    return this.#isPrepared && this.#times.count === 0;
  }

  /** Begins the prefill in a slot that was free from `at` on. */
  start(at: number): void {
    const { clock, scheduler, observers } = this.#host;
    const { promptTokens } = this.#start;
    const tooFew = this.#tooFewCachedTokens();
    const cachedTokens = tooFew ?? this.#lookUp();
    this.#start = { promptTokens, cachedTokens, queueMs: this.#times.start(at) };
    this.#nextAt = at;
    if (tooFew === undefined) this.#beginPrefill(at, promptTokens - cachedTokens);
    else this.#answer = { tokens: [], reason: 'cache_threshold' };
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
      const text = tokens[this.#times.count];
      if (text !== undefined) this.#hand(text, at);
      if (this.#over) return;
      if (this.#times.count >= tokens.length) {
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

  /** Holds the prompt in the prefix cache; returns how many of its tokens were there. */
  #lookUp(): number {
    this.#lease = this.#host.cache?.acquire(this.#request.messages);
    return this.#lease?.cachedTokens ?? 0;
  }

  #beginPrefill(at: number, tokens: number): void {
    const { clock, latency, interference } = this.#host;
    const ms = latency.prefillMs(tokens, this.#random) * this.#slowness();
    // What was read for longer than the prefill takes has its first token now, and the others at their distance.
    this.#nextAt = Math.max(at + ms, clock.now());
    this.#prefill = { endsAt: this.#nextAt, msPerToken: ms / Math.max(1, tokens) };
    interference?.begin(this.#prefill);
  }

  #endPrefill(): void {
    if (this.#prefill) this.#host.interference?.end(this.#prefill);
    this.#prefill = undefined;
  }

  #hand(text: string, at: number): void {
    const index = this.#times.count;
    this.#times.add(at);
    this.#sink.token(text, index);
    if (index === 0) {
      this.#endPrefill();
      // Out with it before others are told.
      this.#sink.flush?.();
    }
    this.#times.tell(this.#host.observers);
  }

  #end(reason: EndReason, at: number, slotFreeAt: number): void {
    this.#over = true;
    this.#endPrefill();
    const { promptTokens, cachedTokens } = this.#start;
    if (this.#lease) {
      this.#host.cache?.release(this.#lease);
      const content = this.#answer.tokens.slice(0, this.#times.count).join('');
      this.#host.cache?.remember([...this.#request.messages, { role: 'assistant', content }]);
    }
    const end = {
      reason,
      usage: { promptTokens, cachedTokens, completionTokens: this.#times.count },
      timings: this.#times.timings(at),
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
    const after = Math.max(0, this.#answer.tokens.length - this.#times.count - 1);
    return this.#nextAt + after * this.#host.latency.meanInterTokenMs * this.#slowness();
  }

  #slowness(): number {
    return this.#host.latency.loadFactor(this.#host.runningCount) * (this.#request.slowdown ?? 1);
  }
}
