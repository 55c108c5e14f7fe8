import { z } from 'zod';
import { describeProblems } from '../errors/describe-problems.js';
import type { StatusFault } from '../faults/fault-registry.js';

const MAX_COUNT = 1_000_000;

const schema = z.strictObject({
  kind: z.literal('status'),
  status: z.int().min(500).max(599),
  count: z.int().min(1).max(MAX_COUNT),
});

/** A fault read from a request body, or everything that is wrong with it. */
export type ReadFault = { readonly fault: StatusFault } | { readonly problems: readonly string[] };

/** Reads a fault from the body of `POST /faults`; unknown fields are problems. */
export function readFault(body: unknown): ReadFault {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return { fault: parsed.data };
  return { problems: describeProblems(parsed.error).map((problem) => problem.message) };
}
