import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { type CompletionRequest, readCompletionRequest } from '../completion/completion-request.js';
import { type Preparation, prepareRequest } from '../completion/prepare-request.js';
import { internalError } from '../errors/internal-error.js';
import { OpenAiError } from '../errors/openai-error.js';
import type { Exchanges } from '../exchanges.js';
import type { FaultRegistry } from '../faults/fault-registry.js';
import { type FaultTargets, sufferEarly } from '../faults/suffer-early.js';
import type { PreparedChat } from './chat-answer.js';
import type { ChatSession } from './chat-session.js';
import type { ClientFrame } from './frames.js';

/** What chat requests are taken in with. */
export interface IntakeParts {
  readonly exchanges: Exchanges;
  readonly faults: FaultRegistry;
  readonly faultTargets: FaultTargets;
  readonly preparation: Preparation;
  readonly servedModelName: string;
  readonly logger: Logger;
  /** @throws OpenAiError when the instance takes no more requests. */
  readonly assertServing: () => void;
}

/**
 * Takes in a chat request that came over the WebSocket of the handshake `req`: it suffers faults, is counted against the
 * limits of who made the handshake, and gets its history, as a request over HTTP. Its answer goes to the session.
 * @throws OpenAiError when it is refused at once; what is found out later ends it with an error frame.
 */
export function takeChat(
  parts: IntakeParts,
  req: IncomingMessage,
  frame: ClientFrame & { type: 'chat' },
  session: ChatSession,
): void {
  const requestId = frame.request_id ?? `ws-${randomUUID()}`;
  const exchange = parts.exchanges.begin(req, { requestId, method: 'WS' });
  const arrivedAt = performance.now();
  try {
    parts.assertServing();
    const request = readChat(frame, parts.servedModelName);
    session.answer(requestId, exchange, async (ended) => {
      try {
        return { ...(await prepare(parts, req, request, ended)), arrivedAt };
      } catch (error) {
        if (error instanceof OpenAiError) throw error;
        parts.logger.error({ event: 'failed', method: 'WS', err: error });
        throw internalError();
      }
    });
  } catch (error) {
    exchange.end(error instanceof OpenAiError ? error.status : 500, true);
    throw error;
  }
}

async function prepare(
  { faults, faultTargets, preparation }: IntakeParts,
  { headers }: IncomingMessage,
  request: CompletionRequest,
  ended: AbortSignal,
): Promise<Omit<PreparedChat, 'arrivedAt'>> {
  const fault = faults.take(headers);
  if (fault !== undefined) {
    ended.addEventListener('abort', () => fault.settle());
    await sufferEarly(fault, faultTargets, ended);
  }
  // Nobody is told of what is refused now, and it must not be counted.
  if (ended.aborted) return { request, fault };
  return { request: (await prepareRequest(preparation, request, headers.authorization)).request, fault };
}

/** @throws OpenAiError 400 also when several answers are asked for: their tokens could not be told apart. */
function readChat(frame: Readonly<Record<string, unknown>>, servedModelName: string): CompletionRequest {
  const request = readCompletionRequest({ ...frame, stream: true }, servedModelName);
  if (request.choices === 1) return request;
  throw new OpenAiError({
    status: 400,
    message: `n: a WebSocket gives one answer to a request (received ${request.choices}); send several requests.`,
    param: 'n',
    code: 'unsupported_value',
  });
}
