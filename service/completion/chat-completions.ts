import type { RequestHandler } from 'express';
import type { Engine, Generation } from '../engine/engine.js';
import { requestIdOf } from '../exchanges.js';
import type { Answer } from './answer.js';
import { newAnswerHead } from './answer-format.js';
import { type CompletionRequest, readCompletionRequest } from './completion-request.js';
import type { OpenAnswers } from './open-answers.js';
import { StreamedAnswer, type StreamOptions } from './streamed-answer.js';
import { WholeAnswer } from './whole-answer.js';

/** How completions are served. */
export interface CompletionSettings extends StreamOptions {
  /** The one model that requests may name. */
  readonly servedModelName: string;
}

/** What the handler works with. */
export interface CompletionParts {
  readonly engine: Engine;
  readonly openAnswers: OpenAnswers;
  readonly settings: CompletionSettings;
}

/** Handler of `POST /v1/chat/completions`: whole answers and streams, one or several choices. */
export function chatCompletions({ engine, openAnswers, settings }: CompletionParts): RequestHandler {
  return (req, res) => {
    const request = readCompletionRequest(req.body, settings.servedModelName);
    const requestId = requestIdOf(req) ?? '';
    const head = newAnswerHead(request.model);
    const answer = request.stream
      ? new StreamedAnswer(res, head, request, settings)
      : new WholeAnswer(res, head, request.choices);
    const generations = submitChoices(engine, request, { requestId, arrivedAt: res.locals.arrivedAt }, answer);
    openAnswers.add(answer);
    res.once('close', () => {
      openAnswers.delete(answer);
      answer.abandon();
      for (const generation of generations) generation.cancel();
    });
  };
}

/** All choices or none: when one does not fit any more, those before it give their places back. */
function submitChoices(
  engine: Engine,
  request: CompletionRequest,
  arrival: { readonly requestId: string; readonly arrivedAt: number },
  answer: Answer,
): Generation[] {
  const { messages, maxTokens, temperature, topP, stop, stream, choices, seed } = request;
  const generations: Generation[] = [];
  try {
    for (let choice = 0; choice < choices; choice += 1) {
      const wanted = { ...arrival, messages, maxTokens, temperature, topP, stop, seed, choice, live: stream };
      generations.push(engine.submit(wanted, answer.sinkOf(choice)));
    }
    return generations;
  } catch (error) {
    answer.abandon();
    for (const generation of generations) generation.cancel();
    throw error;
  }
}
