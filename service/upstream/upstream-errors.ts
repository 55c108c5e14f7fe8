import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { OpenAiError } from '../errors/openai-error.js';

/** The other server could not be reached, or broke off: status 502. */
export function unreachable(reason: unknown): OpenAiError {
  const why = reason instanceof Error ? reason.message : String(reason);
  return new OpenAiError({ status: 502, message: `The upstream did not answer: ${why}.`, code: 'upstream_failed' });
}

/** What to tell the client when the other server refused: the same, unless it refused us for our key. */
export async function refusedBy(response: IncomingMessage): Promise<OpenAiError> {
  const status = response.statusCode ?? 502;
  const body = await text(response).catch(() => '');
  if (status < 400 || status === 401 || status === 403) {
    return new OpenAiError({ status: 502, message: `The upstream answered ${status}.`, code: 'upstream_refused' });
  }
  const { message, type, param, code } = errorIn(body);
  const retryAfter = response.headers['retry-after'];
  return new OpenAiError({
    status,
    message: message ?? `The upstream answered ${status}.`,
    ...(type === undefined ? {} : { type }),
    param: param ?? null,
    code: code ?? 'upstream_refused',
    headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
  });
}

function errorIn(body: string): { message?: string; type?: string; param?: string | null; code?: string | null } {
  try {
    const { error } = JSON.parse(body) as { error?: object | null };
    return error ?? {};
  } catch {
    return {};
  }
}
