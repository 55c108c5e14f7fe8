import type { ServerResponse } from 'node:http';

/** What a client that does not read may leave in the buffers of its connection before it is cut off. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/**
 * A response of server-sent events. What is added goes out with the next `flush` as one chunk of the transfer encoding.
 *
 * `ServerResponse.write` makes four writes and a system call with a vector of each chunk. Thousands of streams cannot
 * afford that, so after the first chunk the frame is written here, straight to the connection.
 */
export class EventStream {
  readonly #res: ServerResponse;
  #pending = '';

  constructor(res: ServerResponse) {
    this.#res = res;
  }

  /** Sends the status and the headers now, instead of with the first flush. */
  open(): void {
    this.#writeHead();
    this.#res.flushHeaders();
  }

  get isOpen(): boolean {
    return this.#res.headersSent;
  }

  /** Adds bytes to the next flush: whole events or comments, each ended by an empty line. */
  add(events: string): void {
    this.#pending += events;
  }

  flush(): void {
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    const res = this.#res;
    const socket = res.socket;
    if (!res.headersSent || socket === null || !res.chunkedEncoding) {
      this.#writeHead();
      res.write(text);
      return;
    }
    const bytes = Buffer.byteLength(text);
    socket.write(`${bytes.toString(16)}\r\n${text}\r\n`, bytes === text.length ? 'latin1' : 'utf8');
    if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
  }

  /** Flushes, and ends the response. */
  end(): void {
    this.flush();
    this.#res.end();
  }

  #writeHead(): void {
    if (this.#res.headersSent) return;
    this.#res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache',
      // For nginx and what took over its header: a buffered stream is no stream.
      'X-Accel-Buffering': 'no',
    });
  }
}
