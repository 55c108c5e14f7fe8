import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/engine.js';
import type { OpenAiError } from '../errors/openai-error.js';
import { ChatSession } from './chat-session.js';

/** Sessions without a connection that are kept at the same time; beyond it the oldest goes first. */
const MAX_DETACHED = 1_000;

/** How sessions are kept. */
export interface SessionSettings {
  /** Milliseconds for which a session outlives a lost connection; its answers go on for that long. */
  readonly sessionTtlMs: number;
  /** Frames of a session that can be sent again. */
  readonly replayFrames: number;
}

/** The chat sessions of one instance: connected ones, and those whose client may come back. */
export class ChatSessions {
  readonly #engine: Engine;
  readonly #settings: SessionSettings;
  readonly #sessions = new Map<string, ChatSession>();
  /** When those that nobody is connected to are forgotten, in that order. */
  readonly #expiries = new Map<string, NodeJS.Timeout>();
  #isEnding = false;

  constructor(engine: Engine, settings: SessionSettings) {
    this.#engine = engine;
    this.#settings = settings;
  }

  /** A new session; its owner is connected. */
  open(): ChatSession {
    const session = new ChatSession(randomUUID(), this.#engine, this.#settings.replayFrames);
    this.#sessions.set(session.id, session);
    return session;
  }

  find(id: string): ChatSession | undefined {
    return this.#sessions.get(id);
  }

  /** A client is connected again: the session is kept until it is left alone once more. */
  keep(session: ChatSession): void {
    clearTimeout(this.#expiries.get(session.id));
    this.#expiries.delete(session.id);
  }

  /** The connection was lost: the session waits for its client, and is then forgotten. */
  leaveAlone(session: ChatSession): void {
    if (this.#isEnding) {
      this.close(session);
      return;
    }
    const expiry = setTimeout(() => this.close(session), this.#settings.sessionTtlMs).unref();
    this.#expiries.set(session.id, expiry);
    const [oldest] = this.#expiries.keys();
    const surplus = this.#expiries.size > MAX_DETACHED ? this.#sessions.get(oldest ?? '') : undefined;
    if (surplus !== undefined) this.close(surplus);
  }

  /** Forgets a session and cancels what it still generates. */
  close(session: ChatSession): void {
    this.keep(session);
    this.#sessions.delete(session.id);
    session.cancel();
  }

  /** Ends every answer in the making with an error. */
  failAll(error: OpenAiError): void {
    for (const session of this.#sessions.values()) session.failAll(error);
  }

  /** From now on no session waits for its client, and those that did are forgotten. */
  endWaiting(): void {
    this.#isEnding = true;
    for (const id of [...this.#expiries.keys()]) {
      const session = this.#sessions.get(id);
      if (session !== undefined) this.close(session);
    }
  }
}
