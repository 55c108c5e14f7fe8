import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { answerCutShort, answerMalformed, refuseConnection } from './answer-malformed.js';
import { OpenAiError } from './errors/openai-error.js';
import { type Exchanges, requestIdOf } from './exchanges.js';
import { identityHeaders } from './identity-headers.js';
import { Connections } from './lifecycle/connections.js';
import { type Limits, MAX_HEADER_BYTES } from './security/limits.js';

/** Longer than the 90 s for which Traefik keeps an idle connection, so that it is never the service that closes first. */
const KEEP_ALIVE_TIMEOUT_MS = 95_000;
/** Milliseconds after which a request that is over its time is found at the latest. */
const CHECKING_INTERVAL_MS = 1_000;

/** What the server of the main port is made of. */
export interface ServerParts {
  readonly app: RequestListener;
  readonly exchanges: Exchanges;
  readonly instance: string;
  readonly limits: Limits;
}

/** HTTP server of the main port: identifies and tracks every request before the app sees it. */
export function createServer({ app, exchanges, instance, limits }: ServerParts): {
  readonly server: Server;
  readonly connections: Connections;
} {
  const headers = identityHeaders(instance);
  const identify: RequestListener = (req, res) => {
    exchanges.track(req, res);
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    const requestId = requestIdOf(req);
    if (requestId !== undefined) res.setHeader('x-request-id', requestId);
  };
  const server = createHttpServer(
    {
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: CHECKING_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Without a Host header Node would answer by itself, unseen by the journal.
      requireHostHeader: false,
    },
    (req, res) => {
      identify(req, res);
      app(req, res);
    },
  );
  server.maxConnections = limits.maxConnections;
  const connections = new Connections(server);

  server.on('checkExpectation', (req: IncomingMessage, res: ServerResponse) => {
    identify(req, res);
    const { status, body } = new OpenAiError({
      status: 417,
      message: 'The only expectation that can be met is 100-continue.',
      code: 'expectation_failed',
    });
    res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', Connection: 'close' });
    res.end(JSON.stringify(body));
  });
  server.on('connect', (req: IncomingMessage, socket: Duplex) => {
    const exchange = exchanges.begin(req);
    socket.on('error', () => socket.destroy());
    const refusal = new OpenAiError({ status: 405, message: 'This is no proxy.', code: 'method_not_allowed' });
    refuseConnection(refusal, socket, { ...headers, Allow: 'GET, POST' });
    socket.once('close', () => exchange.end(405, true));
  });
  server.on('clientError', (error, socket) => {
    const [due] = exchanges.responses(socket);
    if (!socket.writable) socket.destroy();
    else if (due !== undefined) {
      if (due.headersSent) socket.destroy();
      else answerCutShort(error, due);
    } else if (!isSpare(error, socket)) answerMalformed(error, socket, headers);
  });

  /**
   * A proxy's pool opens connections that it may use much later, or never. Node counts them as requests that are late;
   * closing them here could cut off the request that the proxy is about to send.
   */
  function isSpare(error: NodeJS.ErrnoException, socket: Duplex): boolean {
    if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT' || !('bytesRead' in socket) || socket.bytesRead !== 0) return false;
    if (connections.ageMs(socket) >= KEEP_ALIVE_TIMEOUT_MS) socket.destroy();
    return true;
  }

  return { server, connections };
}
