import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import { OpenAiError } from '../errors/openai-error.js';
import type { ChatSession, FrameSink } from './chat-session.js';
import type { ChatSessions } from './chat-sessions.js';
import { type ClientFrame, type ConnectionFrame, frameError } from './frames.js';
import { readFrame } from './read-frame.js';

/** Bytes that may wait in a connection for a client that reads slowly; the rest waits in the session's log. */
const MAX_BUFFERED_BYTES = 256 * 1024;
/** Messages that make no sense before a client is shut out. */
const MAX_BAD_MESSAGES = 10;

/** Close codes of RFC 6455 that are used; `abnormal` is what a connection without a close frame counts as. */
const closeCodes = {
  normal: 1000,
  goingAway: 1001,
  unsupportedData: 1003,
  abnormal: 1006,
  policyViolation: 1008,
  tryAgainLater: 1013,
};

/** What one WebSocket is made of. */
export interface SocketParts {
  readonly webSocket: WebSocket;
  /** The connection below it. */
  readonly connection: Socket;
  readonly sessions: ChatSessions;
  readonly identity: { readonly instance: string; readonly version: string };
  /** Takes a chat request of a client in: its answer goes to the session. @throws OpenAiError */
  readonly chat: (frame: ClientFrame & { type: 'chat' }, session: ChatSession) => void;
}

/** One WebSocket of a client, and the session it is about. */
export class ChatSocket {
  readonly #parts: SocketParts;
  #session: ChatSession;
  /** `seq` of the last frame handed to the connection. */
  #sent = 0;
  #badMessages = 0;
  #isAlive = true;
  #isLeaving = false;
  readonly #sink: FrameSink = {
    pump: () => this.#pump(),
    superseded: () => this.#parts.webSocket.close(closeCodes.policyViolation, 'the session was resumed elsewhere'),
    cut: (ending) => {
      if (ending === 'reset') this.#parts.connection.resetAndDestroy();
      else this.#parts.webSocket.close(closeCodes.normal);
    },
  };

  constructor(parts: SocketParts) {
    this.#parts = parts;
    this.#session = parts.sessions.open();
    this.#attach(this.#session, 0, false);
    const { webSocket, connection } = parts;
    connection.on('drain', () => this.#pump());
    webSocket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    webSocket.on('pong', () => {
      this.#isAlive = true;
    });
    // A broken frame, one that is too large, one that is not UTF-8: ws has closed the connection with the code that fits.
    webSocket.on('error', () => undefined);
    webSocket.on('close', (code) => this.#closed(code));
  }

  /** Asks the peer for a sign of life; without one since the last time the connection is dead and is cut. */
  heartbeat(): void {
    if (!this.#isAlive) {
      this.#parts.webSocket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#parts.webSocket.ping();
  }

  /** Closes it because the instance goes away, after everything that was generated. */
  goAway(): void {
    this.#parts.webSocket.close(closeCodes.goingAway, 'the instance is shutting down');
  }

  /** Closes it as soon as no answer is in the making. */
  goAwayWhenIdle(): void {
    this.#isLeaving = true;
    this.#pump();
  }

  #attach(session: ChatSession, after: number, resumed: boolean): void {
    this.#session = session;
    this.#sent = after;
    const { instance, version } = this.#parts.identity;
    this.#say({ type: 'session', session_id: session.id, instance, version, resumed, seq: session.log.lastSeq });
    session.attach(this.#sink);
    this.#pump();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (isBinary) {
      this.#parts.webSocket.close(closeCodes.unsupportedData, 'messages are text');
      return;
    }
    let frame: ClientFrame;
    try {
      frame = readFrame(String(data));
    } catch (error) {
      this.#refuse(error, null);
      this.#badMessages += 1;
      if (this.#badMessages < MAX_BAD_MESSAGES) return;
      this.#parts.webSocket.close(closeCodes.policyViolation, 'too many messages that make no sense');
      return;
    }
    this.#badMessages = 0;
    try {
      this.#handle(frame);
    } catch (error) {
      this.#refuse(error, frame.type === 'chat' ? (frame.request_id ?? null) : null);
    }
  }

  #handle(frame: ClientFrame): void {
    switch (frame.type) {
      case 'chat':
        this.#parts.chat(frame, this.#session);
        break;
      case 'cancel':
        this.#session.cancel(frame.request_id);
        break;
      case 'resume':
        this.#resume(frame.session_id, frame.after);
        break;
    }
  }

  #resume(id: string, after: number): void {
    const { sessions } = this.#parts;
    const session = sessions.find(id);
    if (session === undefined) {
      throw new OpenAiError({
        status: 404,
        message: `This instance has no session ${id}: it ended, or another instance has it.`,
        param: 'session_id',
        code: 'session_not_found',
      });
    }
    if (!session.log.has(after)) {
      throw new OpenAiError({
        status: 409,
        message: `The session cannot send again what came after ${after}.`,
        param: 'after',
        code: 'replay_not_possible',
      });
    }
    if (session !== this.#session) {
      this.#session.detach(this.#sink);
      sessions.close(this.#session);
    }
    sessions.keep(session);
    this.#attach(session, after, true);
  }

  #refuse(error: unknown, requestId: string | null): void {
    if (!(error instanceof OpenAiError)) throw error;
    this.#say({ type: 'error', request_id: requestId, ...frameError(error) });
  }

  #say(frame: ConnectionFrame): void {
    this.#parts.webSocket.send(JSON.stringify(frame));
  }

  #pump(): void {
    const { webSocket } = this.#parts;
    const { log } = this.#session;
    if (webSocket.readyState !== webSocket.OPEN) return;
    while (webSocket.bufferedAmount < MAX_BUFFERED_BYTES) {
      const frame = log.after(this.#sent);
      if (frame === undefined) break;
      webSocket.send(frame);
      this.#sent += 1;
    }
    if (this.#isLeaving && !this.#session.isBusy && this.#sent === log.lastSeq) this.goAway();
    // The client is further behind than the log reaches back: what it would read next is gone.
    if (!log.has(this.#sent)) webSocket.close(closeCodes.tryAgainLater, 'the client reads too slowly');
  }

  #closed(code: number): void {
    if (!this.#session.detach(this.#sink)) return;
    if (code === closeCodes.abnormal) this.#parts.sessions.leaveAlone(this.#session);
    else this.#parts.sessions.close(this.#session);
  }
}
