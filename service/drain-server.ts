import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Connections } from './connections.js';
import type { Exchanges } from './exchanges.js';

/**
 * Stops accepting, closes idle connections and waits for the requests in flight, at most `deadlineMs` milliseconds.
 * @returns how many requests were cut off at the deadline.
 */
export async function drainServer(
  server: Server,
  connections: Connections,
  exchanges: Exchanges,
  deadlineMs: number,
): Promise<number> {
  let cut = 0;
  const closed = once(server, 'close');
  server.close();
  exchanges.makeLast();
  connections.closeIdle((socket) => exchanges.isBusy(socket));
  const deadline = setTimeout(() => {
    cut = exchanges.openCount;
    connections.closeIdle(() => false);
  }, deadlineMs);
  await closed;
  // A response learns that its connection was closed only after the server has.
  await exchanges.whenNoneOpen();
  clearTimeout(deadline);
  return cut;
}
