import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { OpenAiError } from '../errors/openai-error.js';

const MAX_KEY_LENGTH = 255;

/** The key of a request and what tells its content apart; undefined when it has no key. */
export function readIdempotencyKey(req: Request): { readonly key: string; readonly fingerprint: string } | undefined {
  const key = req.get('idempotency-key');
  if (key === undefined) return undefined;
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw new OpenAiError({
      status: 400,
      message: `The Idempotency-Key must have 1 to ${MAX_KEY_LENGTH} characters; it has ${key.length}.`,
      code: 'invalid_idempotency_key',
    });
  }
  const client = req.get('authorization') ?? '';
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  // Clients must not read each other's answers by guessing a key.
  return { key: hash(`${client}\n${key}`), fingerprint: hash(`${req.path}\n${JSON.stringify(req.body)}`) };
}
