import express, { type Express } from 'express';
import type { Logger } from 'pino';
import type { Completions } from './completion/completions.js';
import { models } from './completion/models.js';
import { responseHeaders } from './completion/response-headers.js';
import { stampArrival } from './completion/stamp-arrival.js';
import { answerError } from './errors/answer-error.js';
import { OpenAiError } from './errors/openai-error.js';
import type { Exchanges } from './exchanges.js';
import type { FaultRegistry } from './faults/fault-registry.js';
import type { FaultTargets } from './faults/suffer-early.js';
import { sufferFaults } from './faults/suffer-faults.js';
import type { History } from './history/history.js';
import { historyRoutes } from './history/history-routes.js';
import { awaitStart } from './lifecycle/await-start.js';
import type { Lifecycle } from './lifecycle/lifecycle.js';
import type { PerformanceMonitor } from './monitor/performance-monitor.js';
import { paths } from './paths.js';
import { secureHeaders } from './security/secure-headers.js';
import { version } from './version.js';

/** What the main app is made of. */
export interface AppParts {
  readonly instance: string;
  readonly lifecycle: Lifecycle;
  readonly exchanges: Exchanges;
  readonly monitor: PerformanceMonitor;
  readonly faults: FaultRegistry;
  readonly faultTargets: FaultTargets;
  /** The visited pages, and the folder from which they can be imported; undefined for a service without them. */
  readonly history?: { readonly pages: History; readonly importFolder: string | undefined } | undefined;
  readonly logger: Logger;
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  readonly completions: Completions;
}

/** App of the main port. It answers what it is given; tracking and identity belong to the server around it. */
export function createApp(parts: AppParts): Express {
  const { instance, lifecycle, exchanges, monitor, faults, completions, history } = parts;
  const app = express().disable('x-powered-by').disable('etag');
  app.use(secureHeaders());

  app.get(paths.health, (_req, res) => {
    res.json({ status: 'ok', instance });
  });
  app.get(paths.ready, (_req, res) => {
    res.status(lifecycle.phase === 'ready' ? 200 : 503).json({ status: lifecycle.phase, instance });
  });
  app.get(paths.metrics, async (_req, res) => {
    res.type(monitor.registry.contentType).send(await monitor.registry.metrics());
  });
  app.get(paths.status, (_req, res) => {
    res.json({
      instance,
      version,
      uptimeSeconds: lifecycle.uptimeSeconds,
      requestsServed: exchanges.workServed,
      inFlight: exchanges.workInFlight,
      draining: lifecycle.phase === 'draining',
      ...monitor.read(),
    });
  });

  if (history) app.use(historyRoutes(history.pages, history.importFolder));

  app.use(
    '/v1',
    stampArrival(exchanges),
    responseHeaders(),
    awaitStart(lifecycle),
    sufferFaults(faults, parts.faultTargets),
  );
  const { list, one } = models(completions.settings.servedModelName);
  app.get(paths.models, list);
  app.get(`${paths.models}/*model`, one);
  app.post(paths.chatCompletions, express.json({ limit: parts.bodyBytes, type: () => true }), completions.handler);

  app.use((req) => {
    throw new OpenAiError({ status: 404, message: `Unknown URL: ${req.method} ${req.path}`, code: 'unknown_url' });
  });
  app.use(answerError(parts.logger));
  return app;
}
