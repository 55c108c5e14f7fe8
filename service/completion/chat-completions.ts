import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Engine, Generation } from '../engine/engine.js';
import { type OpenExchange, requestIdOf } from '../exchanges.js';
import { disturbSink } from '../faults/disturb-sink.js';
import type { PendingFault } from '../faults/fault-registry.js';
import type { Claim, IdempotencyStore } from '../idempotency/idempotency-store.js';
import { readIdempotencyKey } from '../idempotency/read-idempotency-key.js';
import type { Answer, AnswerEnded } from './answer.js';
import { newAnswerHead } from './answer-format.js';
import { type CompletionRequest, readCompletionRequest } from './completion-request.js';
import type { Heartbeat } from './heartbeat.js';
import type { OpenAnswers } from './open-answers.js';
import { type Preparation, prepareRequest } from './prepare-request.js';
import type { RateLimits } from './rate-limiter.js';
import { StreamedAnswer, type StreamOptions } from './streamed-answer.js';
import { WholeAnswer } from './whole-answer.js';

/** How completions are served. */
export interface CompletionSettings extends StreamOptions {
  /** The one model that requests may name. */
  readonly servedModelName: string;
  readonly rateLimits: RateLimits;
  /** Milliseconds of silence after which a stream gets a comment; 0 for none. */
  readonly sseKeepAliveMs: number;
  /** Where answers to keyed requests are kept for the other instances; memory unless given. */
  readonly idempotencyFolder: string | undefined;
  readonly idempotencyTtlMs: number;
}

/** What the handler works with. */
export interface CompletionParts extends Preparation {
  readonly engine: Engine;
  readonly logger: Logger;
  readonly openAnswers: OpenAnswers;
  readonly heartbeat: Heartbeat;
  readonly idempotency: IdempotencyStore;
}

/** Handler of `POST /v1/chat/completions`: whole answers and streams, one or several choices. */
export function chatCompletions(parts: CompletionParts, settings: CompletionSettings): RequestHandler {
  return async (req, res) => {
    const request = readCompletionRequest(req.body, settings.servedModelName);
    const key = readIdempotencyKey(req);
    const claim = key && (await parts.idempotency.claim(key.key, key.fingerprint));
    if (claim !== undefined && 'answer' in claim) {
      res.set('Idempotent-Replayed', 'true').type(claim.answer.contentType).send(claim.answer.body);
      return;
    }
    try {
      const prepared = await prepareRequest(parts, request, req.get('authorization'));
      res.set(prepared.headers);
      if (!res.closed) generate(parts, settings, prepared.request, req, res, claim);
      else await claim?.release();
    } catch (error) {
      await claim?.release();
      throw error;
    }
  };
}

function generate(
  { engine, openAnswers, heartbeat, logger }: CompletionParts,
  settings: CompletionSettings,
  request: CompletionRequest,
  req: Request,
  res: Response,
  claim: Exclude<Claim, { answer: unknown }> | undefined,
): void {
  const { contentType } = request.stream ? StreamedAnswer : WholeAnswer;
  const ended: AnswerEnded = (body) => {
    openAnswers.delete(answer);
    if (claim === undefined) return undefined;
    const settled = body === undefined ? claim.release() : claim.keep({ contentType, body });
    return settled.catch((error: unknown) => logger.error({ event: 'idempotency key not settled', err: error }));
  };
  const head = newAnswerHead(request.model);
  const recorded = claim !== undefined;
  const answer: Answer = request.stream
    ? new StreamedAnswer(res, head, { ...request, recorded }, settings, heartbeat, ended)
    : new WholeAnswer(res, head, request.choices, ended);
  const arrival = { requestId: requestIdOf(req) ?? '', arrivedAt: res.locals.arrivedAt as number };
  const fault = res.locals.fault as PendingFault | undefined;
  const generations = submitChoices(engine, request, arrival, answer, fault);
  const exchange = res.locals.exchange as OpenExchange | undefined;
  if (exchange && generations[0]) exchange.generation = generations[0];
  openAnswers.add(answer);
  // Who sends a key wants the answer even if this connection does not live to see it: a retry will ask for it.
  if (claim !== undefined) return;
  res.once('close', () => {
    answer.abandon();
    for (const generation of generations) generation.cancel();
  });
}

/** All choices or none: when one does not fit any more, those before it give their places back. */
function submitChoices(
  engine: Engine,
  request: CompletionRequest,
  arrival: { readonly requestId: string; readonly arrivedAt: number },
  answer: Answer,
  fault: PendingFault | undefined,
): Generation[] {
  const { messages, maxTokens, temperature, topP, stop, cacheHitThreshold, stream, choices, seed } = request;
  const generations: Generation[] = [];
  const slowdown = fault?.fault.kind === 'slow-tokens' ? fault.fault.factor : 1;
  try {
    for (let choice = 0; choice < choices; choice += 1) {
      const sampling = { temperature, topP, stop, seed, choice };
      const wanted = { ...arrival, ...sampling, messages, maxTokens, cacheHitThreshold, live: stream, slowdown };
      const sink = answer.sinkOf(choice);
      generations.push(engine.submit(wanted, fault && choice === 0 ? disturbSink(sink, answer, fault) : sink));
    }
    if (slowdown !== 1) fault?.bite();
    return generations;
  } catch (error) {
    answer.abandon();
    for (const generation of generations) generation.cancel();
    throw error;
  }
}
