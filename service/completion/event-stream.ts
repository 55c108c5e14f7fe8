import type { ServerResponse } from 'node:http';
import type { Heartbeat } from './heartbeat.js';

/** What a client that does not read may leave in the buffers of its connection before it is cut off. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/**
 * A response of server-sent events. What is added goes out with the next `flush` as one chunk of the transfer encoding.
 *
 * `ServerResponse.write` makes four writes and a system call with a vector of each chunk. Thousands of streams cannot
 * afford that, so the frame is written here, straight to the connection.
 */
export class EventStream {
  static readonly contentType = 'text/event-stream; charset=utf-8';
  readonly #res: ServerResponse;
  readonly #heartbeat: Heartbeat;
  readonly #record: string[] | undefined;
  #pending = '';
  #isHeadSent = false;
  /** Nothing was sent since the heartbeat looked last. */
  isQuiet = false;

  /** `recorded`: all that is added is kept, after the client left too. */
  constructor(res: ServerResponse, heartbeat: Heartbeat, recorded: boolean) {
    this.#res = res;
    this.#heartbeat = heartbeat;
    if (recorded) this.#record = [];
  }

  /** Whether the status is settled, so that an error has to be told by an event. */
  get isOpen(): boolean {
    return this.#res.headersSent;
  }

  /** All that was added, if it was to be recorded. */
  get recorded(): string | undefined {
    return this.#record?.join('');
  }

  /** Adds whole events to the next flush, each ended by an empty line. */
  add(events: string): void {
    this.#pending += events;
    this.#record?.push(events);
  }

  flush(): void {
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.#write(text);
  }

  /** Settles the status and makes the headers ready, to leave with what is flushed first. */
  prepare(): void {
    const res = this.#res;
    if (res.headersSent || res.closed) return;
    this.#heartbeat.add(this);
    res.once('close', () => this.#heartbeat.delete(this));
    res.writeHead(200, {
      'Content-Type': EventStream.contentType,
      'Cache-Control': 'no-cache',
      // For nginx and what took over its header: a buffered stream is no stream.
      'X-Accel-Buffering': 'no',
    });
  }

  /** Sends a comment, which clients ignore, so that nobody on the way takes the connection for dead. */
  keepAlive(): void {
    this.#write(': keep-alive\n\n');
  }

  /** Flushes, and ends the response. */
  end(): void {
    this.flush();
    this.#heartbeat.delete(this);
    if (!this.#res.closed && !this.#res.writableEnded) this.#res.end();
  }

  /** Ends the response as if it were complete; what is added later is only recorded. */
  endEarly(): void {
    this.prepare();
    this.#res.end();
  }

  #write(text: string): void {
    this.isQuiet = false;
    const res = this.#res;
    if (res.writableEnded || res.closed) return;
    const { socket } = res;
    if (this.#isHeadSent) this.#writeChunk(text);
    else {
      this.#isHeadSent = true;
      this.prepare();
      // In one packet, and now: Node itself would wait for the end of the tick, which may have a thousand other streams.
      socket?.cork();
      res.flushHeaders();
      this.#writeChunk(text);
      socket?.uncork();
    }
    if (socket !== null && socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
  }

  #writeChunk(text: string): void {
    const { socket, chunkedEncoding } = this.#res;
    if (socket === null || !chunkedEncoding) {
      this.#res.write(text);
      return;
    }
    const bytes = Buffer.byteLength(text);
    socket.write(`${bytes.toString(16)}\r\n${text}\r\n`, bytes === text.length ? 'latin1' : 'utf8');
  }
}
