import type { z } from 'zod';
import { GauntletError } from '../errors/gauntlet-error.js';

/**
 * Checks the options of a command as the command line gives them.
 *
 * @param options.flags what the command line calls each option
 * @param options.others what is wrong besides, a sentence without its full stop each
 * @throws GauntletError naming every problem at once
 */
export function checkOptions<Options>(
  schema: z.ZodType<Options>,
  raw: unknown,
  {
    flags,
    others = [],
    hint,
  }: {
    readonly flags: Readonly<Record<keyof Options, string>>;
    readonly others?: readonly string[];
    readonly hint: string;
  },
): Options {
  const parsed = schema.safeParse(raw);
  const issues = parsed.error?.issues ?? [];
  const problems = [
    ...issues.map(({ path, message }) => `${flags[path[0] as keyof Options] ?? String(path[0])}: ${message}`),
    ...others,
  ];
  if (parsed.success && problems.length === 0) return parsed.data;
  const text =
    problems.length === 1
      ? `${problems[0]}.`
      : `${problems.length} problems:\n${problems.map((each) => `  ${each}`).join('\n')}`;
  throw new GauntletError(text, { hint });
}
