/**
 * Numbers from 0 (included) to 1 (excluded), the same ones for the same seeds (mulberry32). Several seeds name one stream
 * out of many, as in run, client, stage; streams of different seeds have nothing to do with each other.
 */
export function seededRandom(...seeds: readonly number[]): () => number {
  let state = seeds.reduce((mixed, seed) => scramble(mixed ^ seed), 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    return scramble(state) / 2 ** 32;
  };
}

/** Changes about half of the bits of the result for each bit of `value` that changes. */
function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), value | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (mixed ^ (mixed >>> 14)) >>> 0;
}
