import { expect, test } from 'vitest';
import type { AssertedRun } from '../../chaos/experiments/assert-run.js';
import type { ExitCode } from '../../harness/errors/exit-code.js';
import type { Outcome } from '../../harness/model/outcome.js';
import { outcomeExitCode } from './print-outcome.js';

const assertions: Readonly<Record<string, AssertedRun | undefined>> = {
  'not run': undefined,
  passing: { total: 4, passed: 4, failures: [] },
  failing: { total: 4, passed: 3, failures: ['retry: hides the dead instance'] },
  'none found': { total: 0, passed: 0, failures: [] },
};

test.each<[Outcome, string, ExitCode]>([
  ['pass', 'not run', 0],
  ['pass', 'passing', 0],
  ['pass', 'failing', 1],
  ['pass', 'none found', 1],
  ['fail', 'not run', 1],
  ['fail', 'passing', 1],
  ['fail', 'failing', 1],
  ['fail', 'none found', 1],
  ['inconclusive', 'not run', 2],
  ['inconclusive', 'passing', 2],
  ['inconclusive', 'failing', 2],
  ['inconclusive', 'none found', 2],
  ['skipped', 'not run', 2],
])('%s, assertions %s: exit code %i', (outcome, asserted, exitCode) => {
  expect(outcomeExitCode(outcome, assertions[asserted])).toBe(exitCode);
});
