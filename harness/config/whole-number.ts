import { z } from 'zod';

/** A whole number that is typed as a text. */
export function wholeNumber(least: number, most: number) {
  return z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: ({ input }) => `expected a whole number from ${least} to ${most}, received "${input}"`,
    })
    .transform(Number);
}
