import { createServer as createHttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Completions } from './completion/completions.js';
import { createControlApp } from './control/create-control-app.js';
import { RuntimeConfig } from './control/runtime-config.js';
import { createApp } from './create-app.js';
import { createServer } from './create-server.js';
import { SimulatedEngine } from './engine/simulated-engine.js';
import { Exchanges } from './exchanges.js';
import { FaultRegistry } from './faults/fault-registry.js';
import type { FaultTargets } from './faults/suffer-early.js';
import { History } from './history/history.js';
import { openStore } from './idempotency/open-store.js';
import { Journal } from './journal.js';
import { type Drained, drainServer } from './lifecycle/drain-server.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { shuttingDown } from './lifecycle/not-serving.js';
import { listen } from './listen.js';
import { createLogger } from './logging/create-logger.js';
import { logRequests } from './logging/log-requests.js';
import { PerformanceMonitor } from './monitor/performance-monitor.js';
import type { Settings } from './settings/read-settings.js';
import { UpstreamEngine } from './upstream/upstream-engine.js';
import { acceptSockets } from './websocket/accept-sockets.js';

/** A running instance. */
export interface StartedService extends AsyncDisposable {
  readonly port: number;
  /** Undefined when no control port was asked for. */
  readonly controlPort: number | undefined;
  readonly logger: Logger;
  /** Requests that have arrived and not ended. */
  readonly openCount: number;
  /** Drains and stops; every call returns the same promise, of how the drain went. */
  stop(): Promise<Drained>;
  /** Writes buffered journal lines now: for an exit that does not wait for `stop`. */
  flushJournal(): void;
}

/**
 * Starts one instance and resolves when it listens; it is ready then, or when its startup duration is over.
 * @throws StartError when the journal or the history cannot be opened or a port cannot be listened on; nothing is left running then.
 */
export async function startService(settings: Settings): Promise<StartedService> {
  const { instance, host, limits } = settings;
  const logger = createLogger(instance, settings.logLevel);
  const lifecycle = new Lifecycle();
  const { idempotencyFolder, idempotencyTtlMs } = settings.completion;
  const idempotency = openStore(idempotencyFolder, idempotencyTtlMs);
  const journal = settings.journal === undefined ? undefined : new Journal(settings.journal, instance);
  const exchanges = new Exchanges(journal?.lastNumber);
  exchanges.onArrived((arrival) => journal?.arrived(arrival));
  exchanges.onFinished((exchange) => journal?.finished(exchange));
  logRequests(logger, exchanges, settings.trustedProxies);

  const faults = new FaultRegistry();
  const starting = settings.history && History.start(settings.history, logger);
  const pages = await starting?.catch((error: unknown) => {
    journal?.close();
    throw error;
  });
  const faultTargets: FaultTargets = { holdHistoryLock: pages && ((forMs) => pages.holdLock(forMs)) };
  const history = pages && { pages, importFolder: settings.history?.importFolder };
  const engine = settings.upstream
    ? new UpstreamEngine(settings.upstream, settings.engine)
    : new SimulatedEngine(settings.engine);
  const config = new RuntimeConfig(
    { ...settings.engine, ...settings.failures },
    { faults, engine: engine instanceof SimulatedEngine ? engine : undefined },
  );
  const completions = new Completions(settings.completion, { engine, logger, history: pages, idempotency });
  lifecycle.atDeadline(() => completions.openAnswers.failAll(shuttingDown()));
  const model = settings.completion.servedModelName;
  const { server, connections } = createServer({ app: (req, res) => app(req, res), exchanges, instance, limits });
  const sockets = acceptSockets({
    server,
    engine,
    exchanges,
    faults,
    faultTargets,
    preparation: completions.preparation,
    logger,
    lifecycle,
    instance,
    servedModelName: model,
    maxMessageBytes: limits.bodyBytes,
    settings: settings.sockets,
  });
  const monitor = new PerformanceMonitor({ exchanges, engine, model, connections, sockets });
  const app = createApp({
    instance,
    lifecycle,
    exchanges,
    monitor,
    faults,
    faultTargets,
    history,
    logger,
    bodyBytes: limits.bodyBytes,
    completions,
  });
  const control = settings.control && {
    port: settings.control.port,
    server: createHttpServer(
      createControlApp({ faults, config, token: settings.control.token, hasHistory: pages !== undefined, logger }),
    ),
  };

  /** What is released when the last request has ended, in this order. */
  const closers: (() => void | Promise<void>)[] = [
    () => {
      control?.server.close();
      control?.server.closeAllConnections();
    },
    () => monitor.close(),
    () => completions.close(),
    () => pages?.close(),
    () => journal?.close(),
  ];
  const release = async (): Promise<void> => {
    for (const close of closers) {
      try {
        await close();
      } catch (error) {
        logger.error({ event: 'close failed', err: error });
      }
    }
  };

  let startup: NodeJS.Timeout | undefined;
  const becomeReady = (): void => {
    lifecycle.phase = 'ready';
    logger.info({ event: 'ready' });
  };
  const drain = async (): Promise<Drained> => {
    clearTimeout(startup);
    const drained = await drainServer({ server, connections, exchanges, lifecycle }, settings.drain);
    await release();
    return drained;
  };

  try {
    const controlPort =
      control && (await listen(control.server, { host, port: control.port, setting: 'CONTROL_PORT' }));
    const port = await listen(server, { host, port: settings.port, setting: 'PORT' });
    logger.info({ event: 'listening', host, port, controlPort });
    if (settings.startupDurationMs === 0) becomeReady();
    else startup = setTimeout(becomeReady, settings.startupDurationMs);

    let stopped: Promise<Drained> | undefined;
    const stop = (): Promise<Drained> => {
      stopped ??= drain();
      return stopped;
    };
    return {
      port,
      controlPort,
      logger,
      get openCount() {
        return exchanges.openCount;
      },
      stop,
      flushJournal: () => journal?.flush(),
      [Symbol.asyncDispose]: async () => {
        await stop();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
