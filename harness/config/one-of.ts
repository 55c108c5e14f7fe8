import { z } from 'zod';
import { closest } from './closest.js';

/** A word out of a list. Another word is answered with the list, and with the one that was probably meant. */
export function oneOf<const Word extends string>(known: readonly Word[]) {
  return z.custom<Word>((value) => (known as readonly unknown[]).includes(value), {
    error: ({ input }) => {
      const meant = closest(String(input), known);
      const question = meant === undefined ? '' : ` (did you mean ${meant}?)`;
      return `expected ${inWords(known)}, received "${input}"${question}`;
    },
  });
}

function inWords(known: readonly string[]): string {
  return known.length < 2 ? known.join() : `${known.slice(0, -1).join(', ')} or ${known.at(-1)}`;
}
