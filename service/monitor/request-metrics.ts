import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Engine } from '../engine/engine.js';
import type { Exchanges } from '../exchanges.js';
import type { Connections } from '../lifecycle/connections.js';
import { paths } from '../paths.js';
import { buckets } from './buckets.js';

const REQUEST_LABELS = ['http_request_method', 'http_route', 'http_response_status_code'] as const;
const KNOWN_PATHS: ReadonlySet<string> = new Set(Object.values(paths));

/** What a gateway sees of an instance. */
export interface RequestSources {
  readonly exchanges: Exchanges;
  readonly engine: Engine;
  readonly connections: Pick<Connections, 'openCount' | 'refusedCount'>;
  readonly sockets: { readonly openCount: number };
}

/** Adds what arrives at an instance, and how it ends, to a registry; names as OpenTelemetry has them where it has any. */
export function addRequestMetrics(
  registry: Registry,
  { exchanges, engine, connections, sockets }: RequestSources,
): void {
  const registers = [registry];
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
    buckets: [...buckets.duration],
    registers,
  });
  const tokens = new Counter({
    name: 'gen_ai_server_tokens_total',
    help: 'Tokens of ended generations: input is the prompt, output the completion.',
    labelNames: ['gen_ai_token_type'],
    registers,
  });
  new Gauge({
    name: 'gen_ai_server_requests_in_flight',
    help: 'Requests for answers that have arrived and not ended.',
    registers,
    collect() {
      this.set(exchanges.workInFlight);
    },
  });
  new Gauge({
    name: 'http_server_open_connections',
    help: 'Connections that are open, WebSockets included.',
    registers,
    collect() {
      this.set(connections.openCount);
    },
  });
  new Gauge({
    name: 'http_server_open_websockets',
    help: 'WebSockets that are open.',
    registers,
    collect() {
      this.set(sockets.openCount);
    },
  });
  new Counter({
    name: 'http_server_refused_connections_total',
    help: 'Connections closed at once because MAX_CONNECTIONS were open.',
    registers,
    collect() {
      this.reset();
      this.inc(connections.refusedCount);
    },
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
