import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { OpenAiError } from './errors/openai-error.js';

const LINGER_MS = 1_000;

/**
 * Answers bytes that never became a request, and closes the connection. The response is written by hand: without this
 * Node's own bare answer would carry no instance header.
 */
export function answerMalformed(error: Error, socket: Duplex, headers: Readonly<Record<string, string>>): void {
  refuseConnection(toOpenAiError(error), socket, headers);
}

/** Answers a request that was cut short by its client's own fault, in the response that is due, and ends it. */
export function answerCutShort(error: Error, res: ServerResponse): void {
  const { status, body } = toOpenAiError(error);
  res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', Connection: 'close' });
  res.end(JSON.stringify(body));
  linger(res.req.socket);
}

/** Writes an error as the only response of a connection, and closes it. */
export function refuseConnection(
  { status, headers: own, body }: OpenAiError,
  socket: Duplex,
  headers: Readonly<Record<string, string>>,
): void {
  const text = JSON.stringify(body);
  const fields = {
    ...headers,
    ...own,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    Connection: 'close',
  };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${text}`);
  linger(socket);
}

/**
 * Closes a connection whose client may still be sending. At once would be too soon: what arrives after that is answered
 * with a reset, which makes the client throw the response away unread.
 */
function linger(socket: Duplex): void {
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function toOpenAiError(error: Error): OpenAiError {
  switch ('code' in error ? error.code : '') {
    case 'HPE_HEADER_OVERFLOW':
      return new OpenAiError({ status: 431, message: 'The request headers are too large.', code: 'headers_too_large' });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new OpenAiError({ status: 408, message: 'The request did not arrive in time.', code: 'request_timeout' });
    default:
      return new OpenAiError({ status: 400, message: 'The request is not valid HTTP.', code: 'malformed_request' });
  }
}
