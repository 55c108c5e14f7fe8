import type { EngineObserver, EngineStats } from './engine.js';
import { QueueFull } from './queue-full.js';
import { Slots } from './slots.js';

/** Something that waits for a slot. */
export interface Admitted {
  readonly requestId: string;
  /** On the clock of the engine, in milliseconds. */
  readonly arrivedAt: number;
  /** It got a slot that was free from `at` on. */
  start(at: number): void;
}

/** How many generations run and wait. */
export interface AdmissionSettings {
  /** Generations that run at the same time. */
  readonly maxNumSeqs: number;
  readonly maxWaitingQueueLength: number;
}

/** Weight of the newest generation in the mean stay in a slot, which `Retry-After` is estimated from. */
const STAY_WEIGHT = 0.1;
/** Clients of OpenAI ignore a longer `Retry-After`, and then retry sooner. */
const MAX_RETRY_AFTER_S = 60;

/** What every engine does before and after it generates: slots and queue, observers, and the counts of both. */
export class Admission<T extends Admitted> {
  readonly observers: EngineObserver[] = [];
  readonly #slots: Slots<T>;
  readonly #totals = { promptTokens: 0, generationTokens: 0 };
  #meanStayMs = 0;

  constructor({ maxNumSeqs, maxWaitingQueueLength }: AdmissionSettings) {
    this.#slots = new Slots(maxNumSeqs, maxWaitingQueueLength);
    this.observers.push({
      finished: (_requestId, { usage, timings }) => {
        this.#totals.promptTokens += usage.promptTokens;
        this.#totals.generationTokens += usage.completionTokens;
        this.#meanStayMs += STAY_WEIGHT * (timings.ttftMs + timings.generationMs - this.#meanStayMs);
      },
    });
  }

  get running(): number {
    return this.#slots.running;
  }

  /** @throws QueueFull when there is neither a slot nor a place in the queue. */
  assertRoom(requestId: string): void {
    if (!this.#slots.isFull) return;
    for (const observer of this.observers) observer.rejected?.(requestId);
    throw new QueueFull(this.#secondsUntilPlace());
  }

  /** Starts it, or lets it wait. Ask `assertRoom` first. */
  admit(item: T): void {
    for (const observer of this.observers) observer.queued?.(item.requestId);
    if (this.#slots.enter(item)) item.start(item.arrivedAt);
  }

  /** It ended at `at`: the first in the queue gets its slot. */
  leave(item: T, at: number): void {
    const next = this.#slots.leave(item);
    // A slot can have become free, on paper, before the one who gets it arrived.
    next?.start(Math.max(at, next.arrivedAt));
  }

  stats(): Omit<EngineStats, 'kvCacheUsage' | 'prefixCacheQueries' | 'prefixCacheHits'> {
    const { running, waiting, maxNumSeqs, maxWaitingQueueLength } = this.#slots;
    return { running, waiting, maxNumSeqs, maxWaitingQueueLength, ...this.#totals };
  }

  /** When everyone waiting stays as long as generations did lately. */
  #secondsUntilPlace(): number {
    const rounds = (this.#slots.waiting + 1) / this.#slots.maxNumSeqs;
    return Math.min(MAX_RETRY_AFTER_S, Math.max(1, Math.ceil((rounds * this.#meanStayMs) / 1000)));
  }
}
