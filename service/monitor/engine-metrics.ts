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
  addReadFigures(registry, engine, model);
  addEnds(registry, engine, model);
  addDistributions(registry, engine, model);
}

function addReadFigures(registry: Registry, engine: Engine, model: string): void {
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
}

function addEnds(registry: Registry, engine: Engine, model: string): void {
  const ended = new Counter({
    registers: [registry],
    labelNames: ['model_name', 'finished_reason'],
    name: 'vllm:request_success_total',
    help: 'Generations ended, by reason; vLLM counts `stop` and `length` here, this service every reason.',
  });
  const rejected = new Counter({
    registers: [registry],
    labelNames: ['model_name'],
    name: 'vllm:num_requests_rejected_total',
    help: 'Requests refused because slots and queue were full. A name of this service: vLLM has none.',
  });
  rejected.inc({ model_name: model }, 0);
  engine.observe({
    finished: (_requestId, { reason }) => ended.inc({ model_name: model, finished_reason: reason }),
    rejected: () => rejected.inc({ model_name: model }),
  });
}

function addDistributions(registry: Registry, engine: Engine, model: string): void {
  const labels = { model_name: model };
  const histogram = (name: string, bounds: readonly number[], help: string): FastHistogram =>
    new FastHistogram({ name, help, bounds, labels, registry });
  const { firstToken, interToken, duration, tokens } = buckets;
  const toFirstToken = 'From the arrival to the first token, the queue included.';
  const ttft = histogram('vllm:time_to_first_token_seconds', firstToken, toFirstToken);
  const serverTtft = histogram('gen_ai_server_time_to_first_token_seconds', firstToken, toFirstToken);
  const itl = histogram('vllm:inter_token_latency_seconds', interToken, 'Between two tokens of an answer.');
  const queue = histogram('vllm:request_queue_time_seconds', firstToken, 'Waiting for a slot.');
  const prefill = histogram('vllm:request_prefill_time_seconds', firstToken, 'From the slot to the first token.');
  const decode = histogram('vllm:request_decode_time_seconds', duration, 'From the first token to the last one.');
  const e2e = histogram('vllm:e2e_request_latency_seconds', duration, 'From the arrival to the last token.');
  const perToken = histogram(
    'gen_ai_server_time_per_output_token_seconds',
    interToken,
    'Mean time between the tokens of one answer, the first one left out.',
  );
  const promptTokens = histogram('vllm:request_prompt_tokens', tokens, 'Tokens of a prompt.');
  const generationTokens = histogram('vllm:request_generation_tokens', tokens, 'Tokens of an answer.');

  engine.observe({
    started: (_requestId, { queueMs }) => queue.observe(queueMs / 1000),
    firstToken: (ttftMs) => {
      ttft.observe(ttftMs / 1000);
      serverTtft.observe(ttftMs / 1000);
    },
    token: (itlMs) => itl.observe(itlMs / 1000),
    finished: (_requestId, { usage, timings }, e2eMs) => {
      e2e.observe(e2eMs / 1000);
      promptTokens.observe(usage.promptTokens);
      generationTokens.observe(usage.completionTokens);
      if (usage.completionTokens > 0) {
        prefill.observe(timings.ttftMs / 1000);
        decode.observe(timings.generationMs / 1000);
      }
      if (usage.completionTokens > 1) perToken.observe(timings.meanItlMs / 1000);
    },
  });
}
