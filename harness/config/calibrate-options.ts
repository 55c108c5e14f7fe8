import { z } from 'zod';
import { checkOptions } from './check-options.js';
import { wholeNumber } from './whole-number.js';

/** The checked options of a calibration. */
export interface CalibrateOptions {
  readonly short: boolean;
  readonly out: string;
  readonly json?: string | undefined;
  readonly seed: number;
}

const path = z.string().min(1, 'expected a path, received nothing');

/**
 * Checks the options of `gauntlet calibrate` as the command line gives them.
 *
 * @param others what is wrong besides, a sentence without its full stop each
 * @throws GauntletError naming every problem at once
 */
export function checkCalibrateOptions(
  raw: Readonly<Record<string, unknown>>,
  others: readonly string[] = [],
): CalibrateOptions {
  return checkOptions(
    z.object({
      short: z.boolean().default(false),
      out: path,
      json: path.optional(),
      seed: wholeNumber(0, 2 ** 32 - 1),
    }),
    raw,
    {
      flags: { short: '--short', out: '--out', json: '--json', seed: '--seed' },
      others,
      hint: 'gauntlet calibrate --help shows the options.',
    },
  );
}
