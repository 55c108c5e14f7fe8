import { z } from 'zod';
import { outcomeSchema } from './outcome-schema.js';

const error = z.strictObject({
  biasMs: z.number().nullable().describe('Median of measured less true; null where nothing was measured'),
  p99Ms: z.number().nullable().describe('99 % of the values lie at most this far from the truth'),
});

/** A `GeneratorAccuracy` of harness/model that comes from a file. */
export const generatorAccuracySchema = z.strictObject({
  outcome: outcomeSchema,
  reason: z.string().optional().describe('Which bounds were missed; absent on a pass'),
  ratePerSecond: z.number().nonnegative(),
  ttft: error,
  gap: error,
  latency: error,
});
