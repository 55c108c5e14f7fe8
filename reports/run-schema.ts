import { z } from 'zod';
import type { Run } from '../harness/model/run.js';
import { generatorAccuracySchema } from './generator-accuracy-schema.js';
import { outcomeSchema } from './outcome-schema.js';

const verdict = z.strictObject({
  check: z.string().min(1),
  kind: z
    .enum(['conformance', 'guarantee'])
    .describe('conformance: what the file says; guarantee: what its author meant'),
  policy: z.string().min(1).describe('The configured policy that the claim is about'),
  outcome: outcomeSchema,
  claim: z.string(),
  expected: z.string(),
  measured: z.string(),
  evidence: z.array(z.string()).describe("Files of the run's folder, request ids, instants"),
});

const experiment = z.strictObject({
  id: z.string().min(1),
  title: z.string(),
  outcome: outcomeSchema,
  reason: z.string().optional().describe('Why it is not a pass; absent on a pass'),
  negativeControl: z
    .strictObject({ outcome: outcomeSchema, reason: z.string() })
    .describe(
      'The arm with the protection taken out: fail is what it is there for, and any other outcome proves nothing',
    ),
  verdicts: z.array(verdict),
});

/** The content of `run.json`, version 1. Unknown keys are refused, so that a misspelt one is not silently lost. */
export const runSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    run: z.string().min(1).describe('Name of the run, also of its folder'),
    outcome: outcomeSchema,
    profile: z.string().min(1),
    runtime: z.enum(['docker', 'process']),
    versions: z.record(z.string(), z.string()).describe('Version of each program that took part'),
    seed: z.int(),
    startedAt: z.iso.datetime().describe('ISO 8601, UTC'),
    durationMs: z.number().nonnegative(),
    calibration: generatorAccuracySchema
      .optional()
      .describe('How exactly the load generator measured directly before the run; absent without --calibrate'),
    experiments: z.array(experiment),
  })
  .meta({ title: 'Gauntlet run', description: 'A finished run with its verdicts: the content of run.json' });

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** `true` only for identical types: mutual assignability would overlook an optional key that one side lacks. */
type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Does not compile once the schema and the model's `Run` part ways. */
true satisfies Identical<DeepReadonly<z.infer<typeof runSchema>>, DeepReadonly<Run>>;
