import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { readSettings } from './settings/read-settings.js';
import { StartError } from './start-error.js';
import { type StartedService, startService } from './start-service.js';

const EXIT_BAD_INPUT = 3;

try {
  // The history's thread is started from the bundle, which is this whole service, and runs its own part of it.
  if (isMainThread) await main();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exit(EXIT_BAD_INPUT);
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const starting = startService(settings);
  let stopping = false;
  // Before the start is done: process 1 of a container ignores a signal that it has no handler for.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(128 + constants.signals[signal]);
      stopping = true;
      void starting.then(stop, () => undefined);
    });
  }
  const service = await starting;
  process.once('exit', () => service.flushJournal());
}

async function stop(service: StartedService): Promise<void> {
  service.logger.info({ event: 'draining', open: service.openCount });
  service.logger.info({ event: 'stopped', ...(await service.stop()) });
  process.exit(0);
}
