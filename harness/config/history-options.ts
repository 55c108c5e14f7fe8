import { z } from 'zod';
import { checkOptions } from './check-options.js';
import { oneOf } from './one-of.js';
import { wholeNumber } from './whole-number.js';

/** The checked options of `gauntlet history`. */
export interface HistoryOptions {
  /** Only runs with this experiment; undefined for all. */
  readonly experiment?: string | undefined;
  /** At most so many runs, the latest. */
  readonly limit: number;
  /** Folder of run folders, in which the history lies. */
  readonly out: string;
  readonly json: boolean;
}

/**
 * Checks the options of `gauntlet history` as the command line gives them.
 *
 * @throws GauntletError naming every problem at once
 */
export function checkHistoryOptions(
  raw: Readonly<Record<string, unknown>>,
  known: { readonly experiments: readonly string[] },
): HistoryOptions {
  const schema = z.object({
    experiment: oneOf(known.experiments).optional(),
    limit: wholeNumber(1, 1000),
    out: z.string().min(1, 'expected a path, received nothing'),
    json: z.boolean().default(false),
  });
  return checkOptions<HistoryOptions>(schema, raw, {
    flags: { experiment: '--experiment', limit: '--limit', out: '--out', json: '--json' },
    hint: 'gauntlet list shows the experiments, gauntlet history --help the options.',
  });
}
