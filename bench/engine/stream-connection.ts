import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What a client saw of one stream, in milliseconds. */
export interface StreamTiming {
  /** From when the request was handed to the operating system to the first token. */
  readonly ttftMs: number;
  readonly gapsMs: readonly number[];
  /** Time in the queue, as the engine reports it. */
  readonly queueMs: number;
}

const TOKEN = '"delta":{"content":"';
/** The last chunk of a chunked response, which may come by itself; an event does not end like it. */
const END = '0\r\n\r\n';
const BUFFER_BYTES = 64 * 1024;

/**
 * A connection that asks for one stream after the other. It reads a raw socket and parses when the stream is over,
 * because a client that makes objects of a response adds a quarter of a millisecond of its own.
 */
export class StreamConnection {
  readonly #socket: Socket;
  #read: (part: string, at: number) => void = () => {};
  #fail: (error: Error) => void = () => {};

  private constructor(port: number) {
    const buffer = Buffer.alloc(BUFFER_BYTES);
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer,
        callback: (size: number): boolean => {
          const at = performance.now();
          this.#read(buffer.toString('latin1', 0, size), at);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the connection was closed within a stream')));
  }

  static async open(port: number): Promise<StreamConnection> {
    const connection = new StreamConnection(port);
    await once(connection.#socket, 'connect');
    return connection;
  }

  /** Asks for a stream of `tokens` tokens and resolves when it is over. */
  ask(tokens: number): Promise<StreamTiming> {
    const messages = [{ role: 'user', content: 'Why is it slow?' }];
    const body = JSON.stringify({ model: 'gauntlet-1', stream: true, max_tokens: tokens, messages });
    const request =
      'POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n' +
      `Content-Length: ${body.length}\r\n\r\n${body}`;
    return new Promise((resolve, reject) => {
      const parts: { readonly text: string; readonly at: number }[] = [];
      this.#fail = reject;
      this.#read = (text, at) => {
        parts.push({ text, at });
        if (!text.endsWith(END)) return;
        const times = parts.flatMap((part) => Array<number>(part.text.split(TOKEN).length - 1).fill(part.at));
        if (times.length !== tokens) reject(new Error(`${times.length} of ${tokens} tokens came`));
        const whole = parts.map((part) => part.text).join('');
        resolve({
          ttftMs: (times[0] ?? Number.NaN) - sentAt,
          gapsMs: times.slice(1).map((time, index) => time - (times[index] ?? Number.NaN)),
          queueMs: Number(/"queue_time_ms":([\d.]+)/.exec(whole)?.[1]),
        });
      };
      const sentAt = performance.now();
      this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#fail = () => {};
    this.#socket.destroy();
  }
}
