import { Registry } from 'prom-client';
import type { Exchanges, FinishedExchange } from '../exchanges.js';
import { addEngineMetrics } from './engine-metrics.js';
import { addProcessMetrics } from './process-metrics.js';
import { type ProcessFigures, ProcessWatch } from './process-watch.js';
import { addRequestMetrics, type RequestSources } from './request-metrics.js';
import { type Distribution, RollingDistribution } from './rolling-distribution.js';

/** What a monitor watches. */
export interface MonitorParts extends RequestSources {
  readonly model: string;
}

/** How an instance does, now and in the last minute. */
export interface PerformanceFigures extends ProcessFigures {
  readonly lastMinute: {
    /** Requests for answers, from the arrival to the end of the response, and those of them that failed. */
    readonly requests: Distribution;
    /** Status 500 and above, or no whole response. */
    readonly failedRequests: Distribution;
    readonly requestsPerSecond: number;
    readonly tokensPerSecond: number;
    readonly queue: Distribution;
    readonly timeToFirstToken: Distribution;
    readonly interTokenLatency: Distribution;
  };
  readonly slots: { readonly running: number; readonly max: number };
  readonly queue: { readonly waiting: number; readonly max: number };
  readonly kvCache: { readonly usage: number; readonly queriedTokens: number; readonly hitTokens: number };
  readonly connections: { readonly open: number; readonly refused: number; readonly webSockets: number };
}

const WINDOW_S = 60;

/**
 * Watches one instance: what arrives, what its engine does with it, and what the process costs. It keeps the last minute
 * for people who look (`/api/status`) and sums for those who collect (`/metrics`).
 */
export class PerformanceMonitor {
  /** The metrics, in Prometheus' terms. */
  readonly registry = new Registry();
  readonly #parts: MonitorParts;
  readonly #process = new ProcessWatch();
  readonly #startedAt = performance.now();
  readonly #requests = new RollingDistribution();
  readonly #failed = new RollingDistribution();
  readonly #queue = new RollingDistribution();
  readonly #firstToken = new RollingDistribution();
  readonly #interToken = new RollingDistribution();

  constructor(parts: MonitorParts) {
    this.#parts = parts;
    addRequestMetrics(this.registry, parts);
    addEngineMetrics(this.registry, parts.engine, parts.model);
    addProcessMetrics(this.registry, this.#process);
    parts.engine.observe({
      started: (_requestId, { queueMs }) => this.#queue.record(queueMs),
      firstToken: (ttftMs) => this.#firstToken.record(ttftMs),
      token: (itlMs) => this.#interToken.record(itlMs),
    });
    this.#watch(parts.exchanges);
  }

  read(): PerformanceFigures {
    const { engine, connections, sockets } = this.#parts;
    const stats = engine.stats();
    const requests = this.#requests.read();
    const timeToFirstToken = this.#firstToken.read();
    const interTokenLatency = this.#interToken.read();
    const seconds = Math.min(WINDOW_S, Math.max(1, (performance.now() - this.#startedAt) / 1000));
    return {
      lastMinute: {
        requests,
        failedRequests: this.#failed.read(),
        requestsPerSecond: round(requests.count / seconds),
        tokensPerSecond: round((timeToFirstToken.count + interTokenLatency.count) / seconds),
        queue: this.#queue.read(),
        timeToFirstToken,
        interTokenLatency,
      },
      slots: { running: stats.running, max: stats.maxNumSeqs },
      queue: { waiting: stats.waiting, max: stats.maxWaitingQueueLength },
      kvCache: {
        usage: round(stats.kvCacheUsage),
        queriedTokens: stats.prefixCacheQueries,
        hitTokens: stats.prefixCacheHits,
      },
      connections: {
        open: connections.openCount,
        refused: connections.refusedCount,
        webSockets: sockets.openCount,
      },
      ...this.#process.read(),
    };
  }

  /** Stops watching the process. */
  close(): void {
    this.#process.close();
  }

  #watch(exchanges: Exchanges): void {
    exchanges.onFinished((exchange) => {
      if (!exchange.isWork) return;
      const durationMs = exchange.finishedAt - exchange.arrivedAt;
      this.#requests.record(durationMs);
      if (hasFailed(exchange)) this.#failed.record(durationMs);
    });
  }
}

function hasFailed({ status, completed }: FinishedExchange): boolean {
  return status === 0 || status >= 500 || !completed;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
