import { z } from 'zod';
import { GauntletError } from '../errors/gauntlet-error.js';

/** Where components run: in containers, as processes, or wherever this machine allows. */
export type RuntimeChoice = 'auto' | 'docker' | 'process';

/** The checked options of a run. */
export interface RunOptions {
  /** Ids of the experiments to run, in the catalogue's order. */
  readonly experiments: readonly string[];
  readonly runtime: RuntimeChoice;
  readonly traefik: string;
  readonly json: string | undefined;
  readonly out: string;
  readonly seed: number;
  readonly firstPort: number | undefined;
  readonly keep: boolean;
}

const largestSeed = 2 ** 32 - 1;

function schema(known: { experiments: readonly string[]; traefik: readonly string[] }) {
  const path = z.string().min(1, 'expected a path, received nothing');
  return z.object({
    experiments: z.array(
      z.enum(known.experiments as [string, ...string[]], {
        error: ({ input }) => `unknown experiment "${input}"; known: ${known.experiments.join(', ')}`,
      }),
    ),
    runtime: z.enum(['auto', 'docker', 'process'], {
      error: ({ input }) => `expected auto, docker or process, received "${input}"`,
    }),
    traefik: z.enum(known.traefik as [string, ...string[]], {
      error: ({ input }) => `expected ${known.traefik.join(', ')}, received "${input}"`,
    }),
    json: path.optional(),
    out: path,
    seed: wholeNumber(0, largestSeed),
    firstPort: wholeNumber(1024, 65_000).optional(),
    keep: z.boolean().optional(),
  });
}

function wholeNumber(least: number, most: number) {
  return z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: ({ input }) => `expected a whole number from ${least} to ${most}, received "${input}"`,
    })
    .transform(Number);
}

/** What the command line calls each option. */
const flags: Readonly<Record<string, string>> = {
  experiments: 'experiment',
  runtime: '--runtime',
  traefik: '--traefik',
  json: '--json',
  out: '--out',
  seed: '--seed',
  firstPort: '--first-port',
};

/**
 * Checks the options of a run as the command line gives them: texts, not yet numbers.
 *
 * @throws GauntletError naming every problem at once
 */
export function checkRunOptions(
  raw: Readonly<Record<string, unknown>>,
  known: { readonly experiments: readonly string[]; readonly traefik: readonly string[] },
): RunOptions {
  const parsed = schema(known).safeParse(raw);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${flags[String(issue.path[0])] ?? String(issue.path[0])}: ${issue.message}`,
    );
    throw new GauntletError(
      problems.length === 1
        ? `${problems[0]}.`
        : `${problems.length} problems:\n${problems.map((each) => `  ${each}`).join('\n')}`,
      {
        hint: 'gauntlet list shows the experiments, gauntlet run --help the options.',
      },
    );
  }
  const { experiments, keep, json, firstPort, ...rest } = parsed.data;
  const chosen =
    experiments.length === 0 ? known.experiments : known.experiments.filter((id) => experiments.includes(id));
  return { ...rest, experiments: chosen, keep: keep === true, json, firstPort };
}
