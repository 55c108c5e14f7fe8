/** Uniform numbers from 0 (included) to 1 (excluded), the same ones for the same seeds: SplitMix's 32-bit mixing of a counter. */
export class Random {
  #state: number;

  /** `stream` tells apart the generators of one seed. */
  constructor(seed: number, stream: number) {
    this.#state = mix(mix(seed % 2 ** 32) + Math.floor(seed / 2 ** 32)) + Math.imul(stream, 0x85ebca6b);
  }

  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return mix(this.#state) / 2 ** 32;
  }

  /** A standard normal number, by Marsaglia's polar method. */
  normal(): number {
    for (;;) {
      const x = 2 * this.next() - 1;
      const y = 2 * this.next() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
    }
  }
}

function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
