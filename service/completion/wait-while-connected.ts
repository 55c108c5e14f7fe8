import type { ServerResponse } from 'node:http';

/** Waits `ms` milliseconds. Resolves false, at once, when the client closes the connection before that. */
export function waitWhileConnected(res: ServerResponse, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (connected: boolean): void => {
      clearTimeout(timer);
      res.off('close', onClose);
      resolve(connected);
    };
    const onClose = (): void => finish(false);
    const timer = setTimeout(() => finish(true), ms);
    res.once('close', onClose);
  });
}
