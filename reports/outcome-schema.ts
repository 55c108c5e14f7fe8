import { z } from 'zod';
import type { Outcome } from '../harness/model/outcome.js';

/** An {@link Outcome} that comes from a file. */
export const outcomeSchema = z.enum(['pass', 'fail', 'inconclusive', 'skipped'] satisfies Outcome[]);
