import { z } from 'zod';
import type { FaultRecord } from '../../harness/model/fault.js';
import { type Lines, readLines } from './read-lines.js';

const faultLine = z.object({
  arm: z.string(),
  index: z.number(),
  kind: z.enum(['refuse', 'reset-peer', 'latency']),
  title: z.string(),
  links: z.array(z.string()),
  plannedAtMs: z.number(),
  plannedForMs: z.number(),
  applyingAt: z.number(),
  appliedAt: z.number(),
  healingAt: z.number(),
  healedAt: z.number(),
  error: z.string().optional(),
});

/** Reads what the injector wrote down. */
export async function readFaults(path: string): Promise<Lines<FaultRecord>> {
  return readLines(path, "the injector's record", faultLine, (line) => line as FaultRecord);
}
