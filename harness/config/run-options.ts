import { z } from 'zod';
import { checkOptions } from './check-options.js';
import { closest } from './closest.js';
import { oneOf } from './one-of.js';
import { wholeNumber } from './whole-number.js';

const runtimeChoices = ['auto', 'docker', 'process'] as const;

/** Where components run: in containers, as processes, or wherever this machine allows. */
export type RuntimeChoice = (typeof runtimeChoices)[number];

/** The checked options of a run. */
export interface RunOptions<Traefik extends string = string> {
  /** Ids of the experiments to run, in the catalogue's order. */
  readonly experiments: readonly string[];
  readonly runtime: RuntimeChoice;
  readonly traefik: Traefik;
  readonly json?: string | undefined;
  readonly out: string;
  readonly seed: number;
  readonly firstPort?: number | undefined;
  readonly keep: boolean;
  /** Whether the load generator is calibrated first. */
  readonly calibrate: boolean;
}

const largestSeed = 2 ** 32 - 1;

/** What the command line calls each option. */
const flags: Readonly<Record<keyof RunOptions, string>> = {
  experiments: 'experiment',
  runtime: '--runtime',
  traefik: '--traefik',
  json: '--json',
  out: '--out',
  seed: '--seed',
  firstPort: '--first-port',
  keep: '--keep',
  calibrate: '--calibrate',
};

function schema<Traefik extends string>(known: KnownOptions<Traefik>) {
  const path = z.string().min(1, 'expected a path, received nothing');
  return z.object({
    experiments: z.array(oneOf(known.experiments)),
    runtime: oneOf(runtimeChoices).default('auto'),
    traefik: oneOf(known.traefik),
    json: path.optional(),
    out: path,
    seed: wholeNumber(0, largestSeed),
    firstPort: wholeNumber(1024, 65_000).optional(),
    keep: z.boolean().default(false),
    calibrate: z.boolean().default(false),
  });
}

/** What the options of a run can name. */
interface KnownOptions<Traefik extends string> {
  readonly experiments: readonly string[];
  readonly traefik: readonly Traefik[];
}

/**
 * Checks the options of a run as the command line gives them: texts, not yet numbers.
 *
 * @param words the ids of experiments, and among them every flag that is not known
 * @param others what is wrong besides, a sentence without its full stop each
 * @throws GauntletError naming every problem at once
 */
export function checkRunOptions<Traefik extends string>(
  words: readonly string[],
  raw: Readonly<Record<string, unknown>>,
  known: KnownOptions<Traefik>,
  others: readonly string[] = [],
): RunOptions<Traefik> {
  const isFlag = (word: string): boolean => word.startsWith('-');
  const ids = words.filter((word) => !isFlag(word));
  const options = checkOptions(
    schema(known),
    { ...raw, experiments: ids },
    {
      flags,
      others: [...words.filter(isFlag).map(describeUnknownFlag), ...others],
      hint: 'gauntlet list shows the experiments, gauntlet run --help the options.',
    },
  );
  const chosen = known.experiments.filter((id) => ids.length === 0 || ids.includes(id));
  return { ...options, experiments: chosen };
}

function describeUnknownFlag(word: string): string {
  const flag = word.split('=')[0] ?? word;
  const meant = closest(
    flag,
    Object.values(flags).filter((each) => each.startsWith('-')),
  );
  return `${flag}: unknown option${meant === undefined ? '' : ` (did you mean ${meant}?)`}`;
}
