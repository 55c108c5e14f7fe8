import { z } from 'zod';

const outcome = z.enum(['pass', 'fail', 'inconclusive', 'skipped']);

/** A number that could not be had is null. */
const figure = z.number().nullable();

const errors = z.object({
  count: z.int(),
  /** Median of measured less true, in milliseconds. */
  biasMs: figure,
  /** 99 % of the values lie at most this far from the truth. */
  p99Ms: figure,
  worstMs: figure,
});

const load = z.object({
  name: z.string(),
  ratePerSecond: z.number(),
  /** Share of the generator's maximum; absent where there is none to compare with. */
  ofMaximum: z.number().exactOptional(),
  planned: z.int(),
  recorded: z.int(),
  lateP99Ms: z.number(),
  /** Shares of all processors in the busiest second: by the generator, and by everything on the machine. */
  busiestCpu: z.number().exactOptional(),
  busiestMachine: z.number().exactOptional(),
  /** How much later than asked for the server sent 99 % of its tokens. Errors are measured against when it really did. */
  serverLagP99Ms: figure,
  errors: z.object({ ttft: errors, gap: errors, latency: errors }),
  saturation: z.array(z.string()),
  problems: z.array(z.string()),
});

const comparison = z.object({
  first: z.string(),
  second: z.string(),
  measure: z.enum(['ttft', 'gap', 'latency']),
  /** The quantile that is compared, from 0 to 1. */
  quantile: z.number(),
  bandMs: z.number(),
  differenceMs: figure,
  lowMs: figure,
  highMs: figure,
  change: z.enum(['no change', 'change', 'undecided']),
});

const client = z.object({ client: z.string(), ttft: errors, gap: errors });

/** The content of `calibration.json`: how far this machine's load generator can be trusted, and what that rests on. */
export const calibrationSchema = z.object({
  schemaVersion: z.literal(1),
  calibration: z.string(),
  mode: z.enum(['full', 'short']),
  outcome,
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  versions: z.record(z.string(), z.string()),
  processors: z.int(),
  seed: z.int(),
  timing: z.object({ ttftMs: z.number(), gapMs: z.number(), tokens: z.int() }),
  maximum: z
    .object({
      ratePerSecond: z.number(),
      heldWithinMs: z.number(),
      steps: z.array(z.object({ ratePerSecond: z.number(), lateP99Ms: figure, held: z.boolean() })),
    })
    .exactOptional(),
  loads: z.array(load),
  comparisons: z.array(comparison),
  clients: z.array(client),
  verdicts: z.array(
    z.object({
      claim: z.string(),
      expected: z.string(),
      measured: z.string(),
      outcome,
      evidence: z.array(z.string()).readonly(),
    }),
  ),
});

export type Calibration = z.infer<typeof calibrationSchema>;
