import { Counter, Gauge, type Registry } from 'prom-client';
import type { Engine, EngineStats } from '../engine/engine.js';
import { buckets } from './buckets.js';
import { FastHistogram } from './fast-histogram.js';

/** A figure that the engine keeps itself and that is read when the metrics are. */
interface ReadFigure {
  readonly name: string;
  readonly help: string;
  readonly read: (stats: EngineStats) => number;
}

const GAUGES: readonly ReadFigure[] = [
  { name: 'vllm:num_requests_running', help: 'Generations in a slot.', read: (stats) => stats.running },
  { name: 'vllm:num_requests_waiting', help: 'Generations waiting for a slot.', read: (stats) => stats.waiting },
  {
    name: 'vllm:kv_cache_usage_perc',
    help: 'Share of the cache blocks that running generations hold; 1 is all of them.',
    read: (stats) => stats.kvCacheUsage,
  },
];

const COUNTERS: readonly ReadFigure[] = [
  {
    name: 'vllm:prefix_cache_queries_total',
    help: 'Prompt tokens looked up in the prefix cache.',
    read: (stats) => stats.prefixCacheQueries,
  },
  {
    name: 'vllm:prefix_cache_hits_total',
    help: 'Prompt tokens found in the prefix cache.',
    read: (stats) => stats.prefixCacheHits,
  },
  { name: 'vllm:prompt_tokens_total', help: 'Prompt tokens taken in.', read: (stats) => stats.promptTokens },
  { name: 'vllm:generation_tokens_total', help: 'Tokens generated.', read: (stats) => stats.generationTokens },
];

/**
 * Adds what an engine does to a registry, under the names of vLLM, so that a dashboard made for vLLM shows it, and the
 * two durations that OpenTelemetry names. All carry the label `model_name`, as vLLM's do.
 */
export function addEngineMetrics(registry: Registry, engine: Engine, model: string): void {
  const labels = { model_name: model };
  const common = { labelNames: ['model_name'] as const, registers: [registry] };
  for (const { name, help, read } of GAUGES) {
    new Gauge({
      ...common,
      name,
      help,
      collect() {
        this.set(labels, read(engine.stats()));
      },
    });
  }
  for (const { name, help, read } of COUNTERS) {
    new Counter({
      ...common,
      name,
      help,
      collect() {
        this.reset();
        this.inc(labels, read(engine.stats()));
      },
    });
  }
  const ended = new Counter({
    registers: [registry],
    labelNames: ['model_name', 'finished_reason'],
    name: 'vllm:request_success_total',
    help: 'Generations ended, by reason; vLLM counts `stop` and `length` here, this service every reason.',
  });
  const rejected = new Counter({
    ...common,
    name: 'vllm:num_requests_rejected_total',
    help: 'Requests refused because slots and queue were full. A name of this service: vLLM has none.',
  });
  rejected.inc(labels, 0);

  const histogram = (name: string, help: string, bounds: readonly number[]): FastHistogram =>
    new FastHistogram({ name, help, bounds, labels, registry });
  const ttft = histogram(
    'vllm:time_to_first_token_seconds',
    'From the arrival to the first token, the queue included.',
    buckets.firstToken,
  );
  const itl = histogram('vllm:inter_token_latency_seconds', 'Between two tokens of an answer.', buckets.interToken);
  const queue = histogram('vllm:request_queue_time_seconds', 'Waiting for a slot.', buckets.firstToken);
  const e2e = histogram('vllm:e2e_request_latency_seconds', 'From the arrival to the last token.', buckets.duration);
  const serverTtft = histogram(
    'gen_ai_server_time_to_first_token_seconds',
    'From the arrival to the first token, the queue included.',
    buckets.firstToken,
  );
  const perToken = histogram(
    'gen_ai_server_time_per_output_token_seconds',
    'Mean time between the tokens of one answer, the first one left out.',
    buckets.interToken,
  );

  engine.observe({
    started: (_requestId, { queueMs }) => queue.observe(queueMs / 1000),
    firstToken: (ttftMs) => {
      ttft.observe(ttftMs / 1000);
      serverTtft.observe(ttftMs / 1000);
    },
    token: (itlMs) => itl.observe(itlMs / 1000),
    finished: (_requestId, { reason, usage, timings }, e2eMs) => {
      ended.inc({ ...labels, finished_reason: reason });
      e2e.observe(e2eMs / 1000);
      if (usage.completionTokens > 1) perToken.observe(timings.meanItlMs / 1000);
    },
    rejected: () => rejected.inc(labels),
  });
}
