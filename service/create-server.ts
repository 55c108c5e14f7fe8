import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { answerMalformed } from './answer-malformed.js';
import { type Exchanges, requestIdOf } from './exchanges.js';
import { identityHeaders } from './identity-headers.js';

/** Longer than the 90 s for which Traefik keeps an idle connection, so that it is never the service that closes first. */
const KEEP_ALIVE_TIMEOUT_MS = 95_000;

/** HTTP server of the main port: identifies and tracks every request before the app sees it. */
export function createServer(app: RequestListener, exchanges: Exchanges, instance: string): Server {
  const headers = identityHeaders(instance);
  // Without a Host header Node would answer by itself, unseen by the journal.
  const options = { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, requireHostHeader: false };
  const server = createHttpServer(options, (req, res) => {
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    const requestId = requestIdOf(req);
    if (requestId !== undefined) res.setHeader('x-request-id', requestId);
    exchanges.track(req, res);
    app(req, res);
  });
  server.on('clientError', (error, socket) => {
    if (!socket.writable || exchanges.isBusy(socket)) socket.destroy();
    else answerMalformed(error, socket, headers);
  });
  return server;
}
