import { createHash } from 'node:crypto';

const WORDS = (
  'a and as at be by can data each first for from given has in is it latency load model more network of on one or ' +
  'over per queue rate request result retry server service some system than that the then this time to token two ' +
  'under when while with'
).split(' ');

/**
 * The tokens of an answer, one at a time: the same seed and prompt give the same tokens on every instance, and a longer
 * answer begins with the shorter one.
 */
export function* generateTokens(seed: number, prompt: string, count: number): Generator<string> {
  const digest = createHash('sha256').update(`${seed}\n${prompt}`).digest();
  let state = digest.readUInt32LE(0);
  for (let index = 0; index < count; index += 1) {
    // Numerical Recipes' linear congruential generator; its low bits are weak, so the word is taken from the high ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const word = WORDS[Math.floor((state / 2 ** 32) * WORDS.length)] ?? '';
    yield index === 0 ? word : ` ${word}`;
  }
}
