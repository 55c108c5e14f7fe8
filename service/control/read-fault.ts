import { z } from 'zod';
import { describeProblems } from '../errors/describe-problems.js';
import { type Fault, failureTypes } from '../faults/fault.js';

const MAX_COUNT = 1_000_000;
const MAX_MS = 3_600_000;
const MAX_BYTES = 1024 ** 3;

const forMs = z.int().min(1).max(MAX_MS);
const atToken = z.int().min(0).max(MAX_COUNT);
const trigger = {
  count: z.int().min(1).max(MAX_COUNT).optional(),
  rate: z.number().gt(0).max(1).optional(),
  header: z.strictObject({ name: z.string().min(1).max(256), value: z.string().optional() }).optional(),
};

const schemas = {
  status: {
    status: z.int().min(400).max(599),
    retryAfterSeconds: z.int().min(0).max(86_400).optional(),
    retryAfterMs: z.int().min(0).max(86_400_000).optional(),
  },
  failure: { types: z.array(z.enum(failureTypes)).min(1) },
  'header-hang': { forMs },
  'stream-stall': { atToken, forMs },
  'stream-cut': { atToken, ending: z.enum(['reset', 'clean']) },
  'malformed-chunk': { atToken },
  'error-chunk': { atToken },
  'slow-tokens': { factor: z.number().min(0).max(1000) },
  'cpu-burn': { forMs },
  'event-loop-block': { forMs: z.int().min(1).max(60_000) },
  'memory-growth': { bytes: z.int().min(1).max(MAX_BYTES) },
  'sqlite-lock': { forMs },
} satisfies Record<Fault['kind'], z.core.$ZodShape>;

/** Every kind of fault that can be placed. */
const faultKinds = Object.keys(schemas) as readonly Fault['kind'][];

/** A fault read from a request body, or everything that is wrong with it. */
export type ReadFault = { readonly fault: Fault } | { readonly problems: readonly string[] };

/** Reads a fault from the body of `POST /faults`; unknown fields are problems. */
export function readFault(body: unknown): ReadFault {
  const kind = z.object({ kind: z.enum(faultKinds) }).safeParse(body, { reportInput: true });
  if (!kind.success) return { problems: describeProblems(kind.error).map(({ message }) => message) };
  const name = kind.data.kind;
  const schema = z.strictObject({ kind: z.literal(name), ...schemas[name], ...trigger });
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return { fault: parsed.data as Fault };
  return { problems: describeProblems(parsed.error).map(({ message }) => message) };
}
