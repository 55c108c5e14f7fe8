import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Exchanges } from '../exchanges.js';
import type { Connections } from './connections.js';
import type { Lifecycle } from './lifecycle.js';
import { shuttingDown } from './not-serving.js';

/** Milliseconds that clients get to take the endings they are sent at the deadline. */
const ENDING_GRACE_MS = 500;

/** How long a drain may take. */
export interface DrainTimes {
  /** Milliseconds between becoming unready and closing the listener: until the gateway has noticed. */
  readonly delayMs: number;
  /** Milliseconds that requests in flight then get to end by themselves. */
  readonly deadlineMs: number;
}

/** How a drain went. */
export interface Drained {
  /** Requests and sockets that were still open at the deadline and were ended by the service. */
  readonly ended: number;
  /** Connections that then had to be cut off, because their client did not take the ending. */
  readonly cut: number;
}

/** What is drained. */
export interface Draining {
  readonly server: Server;
  readonly connections: Connections;
  readonly exchanges: Exchanges;
  readonly lifecycle: Lifecycle;
}

/**
 * Takes an instance out of service: unready at once, listening until the gateway has noticed, then no new connection,
 * and the requests in flight get until the deadline. What is open then is ended the way its client expects: a stream
 * with an error chunk and `[DONE]`, a WebSocket with 1001, a request that has no answer yet with 503.
 */
export async function drainServer(
  { server, connections, exchanges, lifecycle }: Draining,
  { delayMs, deadlineMs }: DrainTimes,
): Promise<Drained> {
  lifecycle.phase = 'draining';
  if (delayMs > 0) await delay(delayMs);
  const drained = { ended: 0, cut: 0 };
  const closed = once(server, 'close');
  server.close();
  exchanges.makeLast();
  lifecycle.leaveAll();
  connections.closeIdle((socket) => exchanges.isBusy(socket));

  let grace: NodeJS.Timeout | undefined;
  const deadline = setTimeout(() => {
    drained.ended = exchanges.openCount;
    lifecycle.endAll();
    answerUnanswered(exchanges);
    grace = setTimeout(() => {
      drained.cut = connections.openCount;
      connections.closeIdle(() => false);
    }, ENDING_GRACE_MS);
  }, deadlineMs);

  await closed;
  // A response learns that its connection was closed only after the server has.
  await exchanges.whenNoneOpen();
  clearTimeout(deadline);
  clearTimeout(grace);
  return drained;
}

function answerUnanswered(exchanges: Exchanges): void {
  const { status, headers, body } = shuttingDown();
  for (const res of exchanges.responses()) {
    if (res.headersSent || res.writableEnded) continue;
    res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
    res.end(JSON.stringify(body));
  }
}
