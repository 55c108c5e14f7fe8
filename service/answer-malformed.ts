import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { OpenAiError } from './errors/openai-error.js';

/**
 * Answers bytes that are not an HTTP request, and closes the connection. Such bytes never become a request, so the
 * response is written by hand: without this Node's own bare answer would carry no instance header.
 */
export function answerMalformed(error: Error, socket: Duplex, headers: Readonly<Record<string, string>>): void {
  const answer = toOpenAiError('code' in error ? String(error.code) : '');
  const body = JSON.stringify(answer.body);
  const fields = {
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${head.join('')}\r\n${body}`);
}

function toOpenAiError(code: string): OpenAiError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new OpenAiError({ status: 431, message: 'The request headers are too large.', code: 'headers_too_large' });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new OpenAiError({ status: 408, message: 'The request did not arrive in time.', code: 'request_timeout' });
    default:
      return new OpenAiError({ status: 400, message: 'The request is not valid HTTP.', code: 'malformed_request' });
  }
}
