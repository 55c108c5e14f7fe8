import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Engine } from '../engine/engine.js';
import type { Exchanges } from '../exchanges.js';
import { paths } from '../paths.js';

/** Buckets that OpenTelemetry recommends for `gen_ai.server.request.duration`, in seconds. */
const DURATION_BUCKETS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const REQUEST_LABELS = ['http_request_method', 'http_route', 'http_response_status_code'] as const;
const KNOWN_PATHS: ReadonlySet<string> = new Set(Object.values(paths));

/** Prometheus metrics of one instance, in a registry of its own. */
export class Metrics {
  readonly registry = new Registry();

  constructor(exchanges: Exchanges, engine: Engine) {
    const registers = [this.registry];
    const requests = new Counter({
      name: 'gen_ai_server_requests_total',
      help: 'Requests ended; status code 0 means that the client left before a status was sent.',
      labelNames: REQUEST_LABELS,
      registers,
    });
    const durations = new Histogram({
      name: 'gen_ai_server_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its response.',
      labelNames: REQUEST_LABELS,
      buckets: DURATION_BUCKETS,
      registers,
    });
    new Gauge({
      name: 'gen_ai_server_requests_in_flight',
      help: 'Requests to /v1/ that have arrived and not ended.',
      registers,
      collect() {
        this.set(exchanges.workInFlight);
      },
    });
    const tokens = new Counter({
      name: 'gen_ai_server_tokens_total',
      help: 'Tokens of ended generations: input is the prompt, output the completion.',
      labelNames: ['gen_ai_token_type'],
      registers,
    });
    engine.observe({
      finished: (_requestId, { usage }) => {
        tokens.inc({ gen_ai_token_type: 'input' }, usage.promptTokens);
        tokens.inc({ gen_ai_token_type: 'output' }, usage.completionTokens);
      },
    });
    exchanges.onFinished(({ method, path, status, arrivedAt, finishedAt }) => {
      const labels = {
        http_request_method: method,
        http_route: KNOWN_PATHS.has(path) ? path : 'unmatched',
        http_response_status_code: String(status),
      };
      requests.inc(labels);
      durations.observe(labels, (finishedAt - arrivedAt) / 1000);
    });
  }
}
