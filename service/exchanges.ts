import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** One arrival on the main port and how it ended. */
export interface FinishedExchange {
  /** The `x-request-id` header, or `''` when the client sent none. */
  readonly requestId: string;
  readonly method: string;
  /** Path without the query string. */
  readonly path: string;
  /** The `Host` header, or `''`. */
  readonly host: string;
  /** Epoch milliseconds, sub-millisecond precision: the request's headers were read. */
  readonly arrivedAt: number;
  /** Epoch milliseconds, sub-millisecond precision: the response was handed over, or the connection closed. */
  readonly finishedAt: number;
  /** Status sent to the client; 0 when the connection closed before any status was sent. */
  readonly status: number;
  /** False when the connection closed before the whole response was handed to the operating system. */
  readonly completed: boolean;
}

type Listener = (exchange: FinishedExchange) => void;

/** All requests of the main port from arrival to end: the one source of the journal, the metrics and the drain. */
export class Exchanges {
  readonly #open = new Set<ServerResponse>();
  readonly #listeners: Listener[] = [];
  #workInFlight = 0;
  #workServed = 0;
  #lastOnes = false;

  /** Requests of any path that have arrived and not ended. */
  get openCount(): number {
    return this.#open.size;
  }

  /** Requests to `/v1/` that have arrived and not ended; probes and scrapes are not work. */
  get workInFlight(): number {
    return this.#workInFlight;
  }

  /** Requests to `/v1/` whose whole response was handed over, whatever its status. */
  get workServed(): number {
    return this.#workServed;
  }

  /** Calls `listener` once for every exchange, when it ends. */
  onFinished(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Follows one request to its end. Must be called before anything is written to `res`. */
  track(req: IncomingMessage, res: ServerResponse): void {
    const arrivedAt = now();
    const { method = '', url = '', socket } = req;
    const path = url.split('?', 1)[0] ?? '';
    const isWork = path.startsWith('/v1/');
    let ended = false;

    const end = (completed: boolean): void => {
      if (ended) return;
      ended = true;
      this.#open.delete(res);
      if (isWork) this.#workInFlight -= 1;
      if (isWork && completed) this.#workServed += 1;
      // A response whose headers left before the drain began promised keep-alive, so Node would hold its connection open.
      if (this.#lastOnes && !this.isBusy(socket)) socket.end();
      const exchange: FinishedExchange = {
        requestId: requestIdOf(req) ?? '',
        method,
        path,
        host: req.headers.host ?? '',
        arrivedAt,
        finishedAt: now(),
        status: res.headersSent ? res.statusCode : 0,
        completed,
      };
      for (const listener of this.#listeners) listener(exchange);
    };

    this.#open.add(res);
    if (isWork) this.#workInFlight += 1;
    if (this.#lastOnes) res.setHeader('Connection', 'close');
    res.once('finish', () => end(true));
    res.once('close', () => end(false));
  }

  /** Resolves when every exchange has ended and its listeners were called. */
  async whenNoneOpen(): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      this.onFinished(() => {
        if (this.#open.size === 0) resolve();
      });
    });
  }

  /** Whether a request is being answered on this connection. */
  isBusy(socket: Duplex): boolean {
    for (const res of this.#open) if (res.req.socket === socket) return true;
    return false;
  }

  /** From now on every response, those in flight included, tells the client that its connection will not be reused. */
  makeLast(): void {
    this.#lastOnes = true;
    for (const res of this.#open) if (!res.headersSent) res.setHeader('Connection', 'close');
  }
}

/** The request id the client sent, as one string. */
export function requestIdOf(req: IncomingMessage): string | undefined {
  return req.headers['x-request-id']?.toString();
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
