import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Engine } from '../engine/engine.js';
import type { IdempotencyStore } from '../idempotency/idempotency-store.js';
import { type CompletionSettings, chatCompletions } from './chat-completions.js';
import { Heartbeat } from './heartbeat.js';
import type { HistorySearch } from './history-context.js';
import { OpenAnswers } from './open-answers.js';
import type { Preparation } from './prepare-request.js';
import { RateLimiter } from './rate-limiter.js';

/** What completions need of the instance that they run in. */
export interface CompletionHost {
  readonly engine: Engine;
  readonly logger: Logger;
  /** The visited pages, on an instance that keeps them. */
  readonly history: HistorySearch | undefined;
  /** Closed with the completions. */
  readonly idempotency: IdempotencyStore;
}

/** The completions of one instance: their handler, and what it keeps from request to request. */
export class Completions {
  readonly settings: CompletionSettings;
  readonly openAnswers = new OpenAnswers();
  readonly handler: RequestHandler;
  /** What requests pass that come by other ways. */
  readonly preparation: Preparation;
  readonly #heartbeat: Heartbeat;
  readonly #idempotency: IdempotencyStore;

  constructor(settings: CompletionSettings, host: CompletionHost) {
    this.settings = settings;
    this.#heartbeat = new Heartbeat(settings.sseKeepAliveMs);
    this.#idempotency = host.idempotency;
    this.preparation = { history: host.history, rateLimiter: new RateLimiter(settings.rateLimits) };
    const own = { openAnswers: this.openAnswers, heartbeat: this.#heartbeat };
    this.handler = chatCompletions({ ...host, ...own, ...this.preparation }, settings);
  }

  /** Ends what runs in the background. */
  close(): void {
    this.#heartbeat.close();
    this.#idempotency.close();
  }
}
