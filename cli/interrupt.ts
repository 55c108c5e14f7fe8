import { setMaxListeners } from 'node:events';

/**
 * A signal that fires on Ctrl-C, SIGTERM and when the terminal is closed, so that whatever runs can end in order. It also
 * fires on an error that nobody caught, with that error as its reason: components must not outlive a harness that broke.
 *
 * A second Ctrl-C changes nothing: the ending has a time limit of its own, and cutting it short would leave things behind.
 */
export function interruptSignal(onInterrupt: () => void): AbortSignal {
  const controller = new AbortController();
  // Every component and every wait listens.
  setMaxListeners(0, controller.signal);
  const interrupt = (): void => {
    if (controller.signal.aborted) return;
    onInterrupt();
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  process.on('uncaughtException', (error) => controller.abort(error));
  return controller.signal;
}
