import { GauntletError } from '../../harness/errors/gauntlet-error.js';

/**
 * Stops when there are problems, with one error that says them all, so that a person need not meet them one by one.
 *
 * @throws {GauntletError} when `problems` is not empty.
 */
export function throwProblems(problems: readonly GauntletError[]): void {
  const [first, ...others] = problems;
  if (first === undefined) {
    return;
  }
  if (others.length === 0) {
    throw first;
  }
  const lines = problems.map(({ message }) => `- ${message}`);
  const hints = new Set(problems.map(({ hint }) => hint).filter((hint) => hint !== undefined));
  throw new GauntletError(`${problems.length} things keep Gauntlet from its programs:\n${lines.join('\n')}`, {
    hint: [...hints].join('\n'),
    cause: new AggregateError(problems),
  });
}
