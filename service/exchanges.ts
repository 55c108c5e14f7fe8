import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Generation, GenerationProgress } from './engine/engine.js';

/** One arrival on the main port. */
export interface Arrival {
  /** Number of the arrival on this instance. It goes on where the journal of an earlier start ends. */
  readonly n: number;
  /** The `x-request-id` header, or `''` when the client sent none. */
  readonly requestId: string;
  /** `WS` for a chat request that came over a WebSocket. */
  readonly method: string;
  /** Path without the query string. */
  readonly path: string;
  /** The `Host` header, or `''`. */
  readonly host: string;
  /** Epoch milliseconds, sub-millisecond precision: the request's headers were read. */
  readonly arrivedAt: number;
  /** Address of the other end of the connection. */
  readonly peer: string;
  readonly headers: IncomingHttpHeaders;
  /** Whether it asks for an answer of the model; probes and scrapes do not. */
  readonly isWork: boolean;
}

/** An arrival and how it ended. */
export interface FinishedExchange extends Arrival {
  /** Epoch milliseconds, sub-millisecond precision: the response was handed over, or the connection closed. */
  readonly finishedAt: number;
  /** Status sent to the client; 0 when the connection closed before any status was sent. */
  readonly status: number;
  /** False when the connection closed before the whole response was handed to the operating system. */
  readonly completed: boolean;
  /** How far its answer came, where one was generated for it. */
  readonly progress?: GenerationProgress;
}

/** An exchange that somebody else than an HTTP response ends, once. */
export interface OpenExchange {
  /** Epoch milliseconds, as in its arrival. */
  readonly arrivedAt: number;
  /** What generates its answer, the first of several choices: how far that came is told with the end. */
  generation?: Generation;
  end(status: number, completed: boolean): void;
}

type Listener<T> = (exchange: T) => void;

/** All requests of the main port from arrival to end: the one source of the journal, the metrics and the drain. */
export class Exchanges {
  readonly #open = new Set<OpenExchange>();
  readonly #responses = new Map<Duplex, Map<ServerResponse, OpenExchange>>();
  readonly #held = new Set<Duplex>();
  readonly #onArrived: Listener<Arrival>[] = [];
  readonly #onFinished: Listener<FinishedExchange>[] = [];
  #arrivals: number;
  #workInFlight = 0;
  #workServed = 0;
  #lastOnes = false;

  /** @param arrivals how many arrivals an earlier start of this instance has numbered */
  constructor(arrivals = 0) {
    this.#arrivals = arrivals;
  }

  /** Requests of any path that have arrived and not ended. */
  get openCount(): number {
    return this.#open.size;
  }

  /** Requests that are work and have not ended. */
  get workInFlight(): number {
    return this.#workInFlight;
  }

  /** Requests that were work and whose whole response was handed over, whatever its status. */
  get workServed(): number {
    return this.#workServed;
  }

  /** Calls `listener` once for every exchange, before anything else is done with it. */
  onArrived(listener: Listener<Arrival>): void {
    this.#onArrived.push(listener);
  }

  /** Calls `listener` once for every exchange, when it ends. */
  onFinished(listener: Listener<FinishedExchange>): void {
    this.#onFinished.push(listener);
  }

  /** Begins an exchange whose end is told by hand: of a request that has no HTTP response of its own. */
  begin(req: IncomingMessage, own: Partial<Pick<Arrival, 'requestId' | 'method'>> = {}): OpenExchange {
    const path = req.url?.split('?', 1)[0] ?? '';
    const arrival: Arrival = {
      n: ++this.#arrivals,
      requestId: requestIdOf(req) ?? '',
      method: req.method ?? '',
      path,
      host: req.headers.host ?? '',
      arrivedAt: now(),
      peer: req.socket.remoteAddress ?? '',
      headers: req.headers,
      isWork: path.startsWith('/v1/') || own.method !== undefined,
      ...own,
    };
    const { isWork, arrivedAt } = arrival;
    const exchange: OpenExchange = {
      arrivedAt,
      end: (status, completed) => {
        if (!this.#open.delete(exchange)) return;
        if (isWork) this.#workInFlight -= 1;
        if (isWork && completed) this.#workServed += 1;
        const progress = exchange.generation?.progress;
        const end = { finishedAt: now(), status, completed, ...(progress && { progress }) };
        const finished: FinishedExchange = { ...arrival, ...end };
        for (const listener of this.#onFinished) listener(finished);
      },
    };
    this.#open.add(exchange);
    if (isWork) this.#workInFlight += 1;
    for (const listener of this.#onArrived) listener(arrival);
    return exchange;
  }

  /** Follows one request to the end of its response. Must be called before anything is written to `res`. */
  track(req: IncomingMessage, res: ServerResponse): void {
    const { socket } = req;
    const exchange = this.begin(req);
    const ofSocket = this.#responses.get(socket) ?? new Map();
    this.#responses.set(socket, ofSocket.set(res, exchange));
    if (this.#lastOnes) res.setHeader('Connection', 'close');

    const end = (completed: boolean): void => {
      if (!ofSocket.delete(res)) return;
      if (ofSocket.size === 0) this.#responses.delete(socket);
      // A response whose headers left before the drain began promised keep-alive, so Node would hold its connection open.
      if (this.#lastOnes && !this.isBusy(socket)) socket.end();
      exchange.end(res.headersSent ? res.statusCode : 0, completed);
    };
    res.once('finish', () => end(true));
    res.once('close', () => end(false));
  }

  /** The exchange of a response that has not ended. */
  of(res: ServerResponse): OpenExchange | undefined {
    return this.#responses.get(res.req.socket)?.get(res);
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

  /** Vouches for a connection that is no longer one of requests and responses, until it closes. */
  hold(socket: Duplex): void {
    this.#held.add(socket);
    socket.once('close', () => this.#held.delete(socket));
  }

  /** Whether a request is being answered on this connection, or it is held. */
  isBusy(socket: Duplex): boolean {
    return this.#responses.has(socket) || this.#held.has(socket);
  }

  /** The responses that are due, on one connection or on all. */
  responses(socket?: Duplex): ServerResponse[] {
    if (socket !== undefined) return [...(this.#responses.get(socket)?.keys() ?? [])];
    return [...this.#responses.values()].flatMap((ofSocket) => [...ofSocket.keys()]);
  }

  /** From now on every response, those in flight included, tells the client that its connection will not be reused. */
  makeLast(): void {
    this.#lastOnes = true;
    for (const res of this.responses()) if (!res.headersSent) res.setHeader('Connection', 'close');
  }
}

/** The request id the client sent, as one string. */
export function requestIdOf(req: IncomingMessage): string | undefined {
  return req.headers['x-request-id']?.toString();
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
