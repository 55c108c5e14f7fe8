import {
  type EventLoopUtilization,
  type IntervalHistogram,
  monitorEventLoopDelay,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks';

/** Milliseconds between two samples; the delay histogram counts from the sample before, so this is taken off. */
const SAMPLE_MS = 20;
/** A figure covers the last one to two of these. */
const WINDOW_MS = 30_000;

/** What the process itself costs its requests. */
export interface ProcessFigures {
  readonly eventLoop: {
    /** Milliseconds by which timers were late. */
    readonly delayP50Ms: number;
    readonly delayP99Ms: number;
    readonly delayMaxMs: number;
    /** Share of the time that the event loop was busy, 0 to 1. */
    readonly utilization: number;
  };
  readonly gc: {
    /** Since the start. */
    readonly count: number;
    readonly totalMs: number;
    readonly maxMs: number;
  };
  readonly memory: {
    readonly rssBytes: number;
    readonly heapUsedBytes: number;
    readonly heapTotalBytes: number;
    readonly externalBytes: number;
  };
}

/** Watches event loop, garbage collection and memory of this process until it is closed. */
export class ProcessWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: SAMPLE_MS });
  readonly #collections: PerformanceObserver;
  readonly #rotation: NodeJS.Timeout;
  readonly #gc = { count: 0, totalMs: 0, maxMs: 0 };
  #before: ProcessFigures['eventLoop'] | undefined;
  #utilizationSince: EventLoopUtilization = performance.eventLoopUtilization();

  constructor() {
    this.#delay.enable();
    this.#collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        this.#gc.count += 1;
        this.#gc.totalMs += duration;
        this.#gc.maxMs = Math.max(this.#gc.maxMs, duration);
      }
    });
    this.#collections.observe({ entryTypes: ['gc'] });
    this.#rotation = setInterval(() => this.#rotate(), WINDOW_MS).unref();
  }

  read(): ProcessFigures {
    const now = this.#eventLoop();
    const memory = process.memoryUsage();
    return {
      // A window that has just begun says little; the one before it counts too.
      eventLoop: this.#before === undefined ? now : worst(this.#before, now),
      gc: { count: this.#gc.count, totalMs: round(this.#gc.totalMs), maxMs: round(this.#gc.maxMs) },
      memory: {
        rssBytes: memory.rss,
        heapUsedBytes: memory.heapUsed,
        heapTotalBytes: memory.heapTotal,
        externalBytes: memory.external,
      },
    };
  }

  close(): void {
    this.#delay.disable();
    this.#collections.disconnect();
    clearInterval(this.#rotation);
  }

  #eventLoop(): ProcessFigures['eventLoop'] {
    return {
      delayP50Ms: lateness(this.#delay, (delay) => delay.percentile(50)),
      delayP99Ms: lateness(this.#delay, (delay) => delay.percentile(99)),
      delayMaxMs: lateness(this.#delay, (delay) => delay.max),
      utilization: round(performance.eventLoopUtilization(this.#utilizationSince).utilization),
    };
  }

  #rotate(): void {
    this.#before = this.#eventLoop();
    this.#delay.reset();
    this.#utilizationSince = performance.eventLoopUtilization();
  }
}

function lateness(delay: IntervalHistogram, pick: (delay: IntervalHistogram) => number): number {
  return delay.count === 0 ? 0 : round(Math.max(0, pick(delay) / 1e6 - SAMPLE_MS));
}

function worst(a: ProcessFigures['eventLoop'], b: ProcessFigures['eventLoop']): ProcessFigures['eventLoop'] {
  return {
    delayP50Ms: Math.max(a.delayP50Ms, b.delayP50Ms),
    delayP99Ms: Math.max(a.delayP99Ms, b.delayP99Ms),
    delayMaxMs: Math.max(a.delayMaxMs, b.delayMaxMs),
    utilization: Math.max(a.utilization, b.utilization),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
