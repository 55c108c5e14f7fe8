import { EventEmitter, once } from 'node:events';
import { WebSocket } from 'ws';

/** A frame of the service. */
export interface Frame {
  readonly type: string;
  readonly seq?: number;
  readonly session_id?: string;
  readonly request_id?: string | null;
  readonly text?: string;
  readonly [field: string]: unknown;
}

/** A client of `/ws/chat` that keeps every frame. */
export class ChatClient {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  /** Messages that are no JSON. */
  readonly garbled: string[] = [];
  /** Close code and reason, once closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Headers of the response to the handshake. */
  readonly opened: Promise<Readonly<Record<string, string | string[] | undefined>>>;
  readonly #told = new EventEmitter();

  constructor(url: string, options: WebSocket.ClientOptions = {}) {
    this.socket = new WebSocket(`${url.replace('http:', 'ws:')}/ws/chat`, { perMessageDeflate: false, ...options });
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data) => {
      try {
        this.frames.push(JSON.parse(String(data)) as Frame);
      } catch {
        this.garbled.push(String(data));
      }
      this.#told.emit('more');
    });
    this.closed = once(this.socket, 'close').then(([code, reason]) => {
      this.#told.emit('more');
      return { code: code as number, reason: String(reason) };
    });
    this.opened = new Promise((resolve) => this.socket.once('upgrade', ({ headers }) => resolve(headers)));
  }

  /** The session of this connection. */
  async session(): Promise<Frame> {
    return this.first(({ type }) => type === 'session');
  }

  /** The first frame that fits, past or to come. */
  async first(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const frame = this.frames.find(fits);
      if (frame !== undefined) return frame;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the connection closed before such a frame');
      await once(this.#told, 'more');
    }
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Asks for an answer, with a fitting request and `fields` laid over it. */
  chat(fields: Readonly<Record<string, unknown>> = {}): void {
    this.send({
      type: 'chat',
      model: 'gauntlet-1',
      messages: [{ role: 'user', content: 'Why is it slow?' }],
      ...fields,
    });
  }

  /** The text of the tokens of a request that came so far. */
  textOf(requestId: string): string {
    return this.frames.flatMap(({ request_id: id, text }) => (id === requestId && text) || []).join('');
  }
}

/** Connects and resolves when the session is told. */
export async function connectChat(url: string, options?: WebSocket.ClientOptions): Promise<ChatClient> {
  const client = new ChatClient(url, options);
  await client.session();
  return client;
}
