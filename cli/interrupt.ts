import { setMaxListeners } from 'node:events';

/**
 * A signal that fires on Ctrl-C and SIGTERM, so that whatever runs can end in order. A second Ctrl-C changes nothing:
 * the ending has a time limit of its own, and cutting it short would leave things behind.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  // Every component and every wait listens.
  setMaxListeners(0, controller.signal);
  const interrupt = (): void => {
    if (controller.signal.aborted) return;
    process.stderr.write('\ngauntlet: interrupted, ending what was started …\n');
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}
