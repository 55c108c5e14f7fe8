import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * The open connections of a server. Node's own `closeIdleConnections` keeps a connection on which no request was ever
 * sent, and a Go proxy's pool holds such connections, so a drain that relied on it would always wait for its deadline.
 */
export class Connections {
  readonly #openedAt = new Map<Duplex, number>();
  #refused = 0;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#openedAt.set(socket, performance.now());
      socket.once('close', () => this.#openedAt.delete(socket));
    });
    server.on('drop', () => {
      this.#refused += 1;
    });
  }

  /** Connections closed at once because too many were open. */
  get refusedCount(): number {
    return this.#refused;
  }

  get openCount(): number {
    return this.#openedAt.size;
  }

  /** Milliseconds since a connection was opened. */
  ageMs(socket: Duplex): number {
    return performance.now() - (this.#openedAt.get(socket) ?? Number.NEGATIVE_INFINITY);
  }

  /** Closes at once each connection that `isBusy` does not vouch for. */
  closeIdle(isBusy: (socket: Duplex) => boolean): void {
    for (const socket of this.#openedAt.keys()) if (!isBusy(socket)) socket.destroy();
  }
}
