import { createHash } from 'node:crypto';
import type { EndReason } from './engine.js';
import type { PromptMessage } from './prompt.js';

const WORDS = (
  'a and as at be by can data each first for from given has in is it latency load model more network of on one or ' +
  'over per queue rate request result retry server service some system than that the then this time to token two ' +
  'under when while with'
).split(' ');
const FIRST_WORDS: readonly string[] = WORDS;
const NEXT_WORDS: readonly string[] = WORDS.map((word) => ` ${word}`);

/** Tokens of an answer to a request that sets no limit. */
const OWN_LENGTH = 8;

/** What an answer depends on. */
export interface AnswerRequest {
  readonly mode: 'random' | 'echo';
  readonly seed: number;
  readonly messages: readonly PromptMessage[];
  /** The request's limit; undefined when it sets none. */
  readonly maxTokens: number | undefined;
  /** What is left of the model's context. */
  readonly room: number;
  readonly stop: readonly string[];
}

/** The tokens of an answer, and why it ends after them. */
export interface PlannedAnswer {
  readonly tokens: readonly string[];
  readonly reason: EndReason;
}

/**
 * Decides an answer. `random`: words drawn from a fixed list, as many as asked for; the same seed and messages give the
 * same words on every instance, and a longer answer begins with the shorter one. `echo`: the last message, exactly.
 */
export function planAnswer(request: AnswerRequest): PlannedAnswer {
  const { mode, maxTokens, room, stop } = request;
  const limit = Math.min(maxTokens ?? Number.POSITIVE_INFINITY, room);
  if (mode === 'echo') {
    const tokens = echo(request);
    return cutAtStop({ tokens: tokens.slice(0, limit), reason: tokens.length <= limit ? 'stop' : 'length' }, stop);
  }
  const ownEnd = maxTokens === undefined && OWN_LENGTH <= room;
  const tokens = randomWords(request, Math.min(limit, maxTokens ?? OWN_LENGTH));
  return cutAtStop({ tokens, reason: ownEnd ? 'stop' : 'length' }, stop);
}

function echo({ messages }: AnswerRequest): readonly string[] {
  const text = messages.at(-1)?.content ?? '';
  // Each token with the space before it, and what space is left at the end: joined, they are the text again.
  return text.match(/\s*(?:[\p{L}\p{N}]+|[^\s\p{L}\p{N}])(?:\s+$)?|^\s+$/gu) ?? [];
}

function randomWords({ seed, messages }: AnswerRequest, count: number): string[] {
  const digest = createHash('sha256')
    .update(`${seed}\n${JSON.stringify(messages)}`)
    .digest();
  let state = digest.readUInt32LE(0);
  const tokens: string[] = [];
  for (let index = 0; index < count; index += 1) {
    // Numerical Recipes' linear congruential generator; its low bits are weak, so the word is taken from the high ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const words = index === 0 ? FIRST_WORDS : NEXT_WORDS;
    tokens.push(words[Math.floor((state / 2 ** 32) * words.length)] ?? '');
  }
  return tokens;
}

/** Ends an answer before the first stop text in it. */
function cutAtStop(answer: PlannedAnswer, stop: readonly string[]): PlannedAnswer {
  if (stop.length === 0) return answer;
  const text = answer.tokens.join('');
  const at = Math.min(...stop.map((one) => text.indexOf(one)).filter((index) => index >= 0));
  if (at === Number.POSITIVE_INFINITY) return answer;
  const tokens: string[] = [];
  let length = 0;
  for (const token of answer.tokens) {
    if (length >= at) break;
    tokens.push(token.slice(0, at - length));
    length += token.length;
  }
  return { tokens, reason: 'stop' };
}
