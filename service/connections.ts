import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The open connections of a server. Node's own `closeIdleConnections` keeps a connection on which no request was ever
 * sent, and a Go proxy's pool holds such connections, so a drain that relied on it would always wait for its deadline.
 */
export class Connections {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Closes at once each connection that `isBusy` does not vouch for. */
  closeIdle(isBusy: (socket: Socket) => boolean): void {
    for (const socket of this.#sockets) if (!isBusy(socket)) socket.destroy();
  }
}
