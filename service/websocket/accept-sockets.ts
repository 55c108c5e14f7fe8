import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { refuseConnection } from '../answer-malformed.js';
import type { Engine } from '../engine/engine.js';
import { OpenAiError } from '../errors/openai-error.js';
import { requestIdOf } from '../exchanges.js';
import { identityHeaders } from '../identity-headers.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import { shuttingDown, starting } from '../lifecycle/not-serving.js';
import { paths } from '../paths.js';
import { version } from '../version.js';
import { ChatSessions, type SessionSettings } from './chat-sessions.js';
import { ChatSocket } from './chat-socket.js';
import { type IntakeParts, takeChat } from './take-chat.js';

/** How WebSockets are served. */
export interface SocketSettings extends SessionSettings {
  /** Milliseconds between two pings; a peer that has not answered the last one is cut off. */
  readonly heartbeatMs: number;
  /** Origins of web pages that may connect besides the service's own. */
  readonly allowedOrigins: readonly string[];
}

/** What WebSockets are served with. */
export interface SocketServerParts extends Omit<IntakeParts, 'assertServing'> {
  readonly server: Server;
  readonly engine: Engine;
  readonly lifecycle: Lifecycle;
  readonly instance: string;
  readonly maxMessageBytes: number;
  readonly settings: SocketSettings;
}

/** Serves `/ws/chat` on a server, and refuses every other upgrade. Returns what is open, for the monitor. */
export function acceptSockets(parts: SocketServerParts): { readonly openCount: number } {
  const { server, engine, exchanges, lifecycle, instance, settings } = parts;
  const sockets = new Set<ChatSocket>();
  const sessions = new ChatSessions(engine, settings);
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: parts.maxMessageBytes, clientTracking: false });
  const refusals = new WeakMap<Duplex, (error: OpenAiError) => void>();
  const headersOf = (req: IncomingMessage): Record<string, string> => {
    const requestId = requestIdOf(req);
    return { ...identityHeaders(instance), ...(requestId !== undefined && { 'x-request-id': requestId }) };
  };
  let isEnding = false;
  const intake = {
    ...parts,
    assertServing: () => {
      if (isEnding) throw shuttingDown();
    },
  };

  server.on('upgrade', (req: IncomingMessage, connection: Duplex, head: Buffer) => {
    const exchange = exchanges.begin(req);
    exchanges.hold(connection);
    connection.on('error', () => connection.destroy());
    let status = 101;
    let isClean = true;
    connection.once('close', () => exchange.end(status, isClean));

    const refuse = (error: OpenAiError): void => {
      status = error.status;
      refuseConnection(error, connection, headersOf(req));
    };
    const refusal = refusalOf(req, lifecycle, settings.allowedOrigins);
    if (refusal !== undefined) {
      refuse(refusal);
      return;
    }
    refusals.set(connection, refuse);
    webSockets.handleUpgrade(req, connection, head, (webSocket: WebSocket) => {
      const socket = new ChatSocket({
        webSocket,
        connection: req.socket,
        sessions,
        identity: { instance, version },
        chat: (frame, session) => takeChat(intake, req, frame, session),
      });
      sockets.add(socket);
      webSocket.once('close', (code) => {
        isClean = code !== 1006;
        sockets.delete(socket);
      });
    });
  });
  webSockets.on('headers', (lines: string[], req: IncomingMessage) => {
    for (const [name, value] of Object.entries(headersOf(req))) lines.push(`${name}: ${value}`);
  });
  webSockets.on('wsClientError', (error: Error, connection: Duplex) => {
    const refusal = new OpenAiError({ status: 400, message: error.message, code: 'invalid_handshake' });
    refusals.get(connection)?.(refusal);
  });

  const heartbeat = setInterval(() => {
    for (const socket of sockets) socket.heartbeat();
  }, settings.heartbeatMs).unref();
  server.once('close', () => clearInterval(heartbeat));

  lifecycle.atDrain(() => {
    isEnding = true;
    sessions.endWaiting();
    for (const socket of sockets) socket.goAwayWhenIdle();
  });
  lifecycle.atDeadline(() => {
    sessions.failAll(shuttingDown());
    for (const socket of sockets) socket.goAway();
  });
  return {
    get openCount() {
      return sockets.size;
    },
  };
}

/** Why a handshake is refused before it is looked at as one. */
function refusalOf(
  req: IncomingMessage,
  lifecycle: Lifecycle,
  allowedOrigins: readonly string[],
): OpenAiError | undefined {
  const path = req.url?.split('?', 1)[0];
  if (path !== paths.chatSocket || req.headers.upgrade?.toLowerCase() !== 'websocket') {
    return new OpenAiError({
      status: path === paths.chatSocket ? 400 : 404,
      message: `There is no upgrade to "${req.headers.upgrade}" at ${path}; WebSockets are at ${paths.chatSocket}.`,
      code: 'unsupported_upgrade',
    });
  }
  if (lifecycle.phase === 'starting') return starting();
  if (isForeign(req, allowedOrigins)) {
    return new OpenAiError({
      status: 403,
      message: `Pages of ${req.headers.origin} may not connect; see WS_ALLOWED_ORIGINS.`,
      code: 'origin_not_allowed',
    });
  }
  return undefined;
}

/**
 * Whether a web page of another origin connects. Browsers let any page open a WebSocket to any host, this machine
 * included, and read what it answers; only the server can object. Other clients send no origin.
 */
function isForeign({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes(origin)) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
