import { createServer as createHttpServer } from 'node:http';
import { OpenAnswers } from './completion/open-answers.js';
import { Connections } from './connections.js';
import { createControlApp } from './control/create-control-app.js';
import { createApp } from './create-app.js';
import { createServer } from './create-server.js';
import { drainServer } from './drain-server.js';
import { SimulatedEngine } from './engine/simulated-engine.js';
import { Exchanges } from './exchanges.js';
import { FaultRegistry } from './faults/fault-registry.js';
import { History } from './history/history.js';
import { Journal } from './journal.js';
import { Lifecycle } from './lifecycle.js';
import { listen } from './listen.js';
import type { Settings } from './settings/read-settings.js';

/** A running instance. */
export interface StartedService extends AsyncDisposable {
  readonly port: number;
  /** Undefined when no control port was asked for. */
  readonly controlPort: number | undefined;
  /** Requests that have arrived and not ended. */
  readonly openCount: number;
  /** Drains and stops; every call returns the same promise, of the number of requests cut off at the deadline. */
  stop(): Promise<number>;
  /** Writes buffered journal lines now: for an exit that does not wait for `stop`. */
  flushJournal(): void;
}

/**
 * Starts one instance and resolves when it is ready.
 * @throws StartError when the journal or the history cannot be opened or a port cannot be listened on; nothing is left running then.
 */
export async function startService(settings: Settings): Promise<StartedService> {
  const { instance, host } = settings;
  const lifecycle = new Lifecycle();
  const exchanges = new Exchanges();
  const faults = new FaultRegistry();
  const journal = settings.journal === undefined ? undefined : new Journal(settings.journal, instance);
  if (journal) exchanges.onFinished((exchange) => journal.append(exchange));
  const starting = settings.history && History.start(settings.history);
  const pages = await starting?.catch((error: unknown) => {
    journal?.close();
    throw error;
  });
  const history = pages && { pages, importFolder: settings.history?.importFolder };
  const engine = new SimulatedEngine(settings.engine);
  const openAnswers = new OpenAnswers();
  const { completion } = settings;
  const app = createApp({ instance, lifecycle, exchanges, faults, history, engine, openAnswers, completion });
  const server = createServer(app, exchanges, instance);
  const connections = new Connections(server);
  const control = settings.control && {
    port: settings.control.port,
    server: createHttpServer(createControlApp(faults, settings.control.token)),
  };

  const release = async (): Promise<void> => {
    control?.server.close();
    control?.server.closeAllConnections();
    journal?.close();
    await pages?.close();
  };
  const drain = async (): Promise<number> => {
    lifecycle.phase = 'draining';
    const cut = await drainServer(server, connections, exchanges, settings.drainDeadlineMs);
    await release();
    return cut;
  };

  try {
    const controlPort =
      control && (await listen(control.server, { host, port: control.port, setting: 'CONTROL_PORT' }));
    const port = await listen(server, { host, port: settings.port, setting: 'PORT' });
    lifecycle.phase = 'ready';

    let stopped: Promise<number> | undefined;
    const stop = (): Promise<number> => {
      stopped ??= drain();
      return stopped;
    };
    return {
      port,
      controlPort,
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
