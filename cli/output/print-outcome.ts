import { join } from 'node:path';
import type { AssertedRun } from '../../chaos/experiments/assert-run.js';
import { type ExitCode, exitCodes } from '../../harness/errors/exit-code.js';
import type { Outcome } from '../../harness/model/outcome.js';
import { runFiles } from '../../harness/model/recording.js';
import type { Run } from '../../harness/model/run.js';
import { colour } from './colour.js';
import { paint, verdictTable } from './verdict-table.js';

/** Prints the closing table of a run, what Vitest made of it and where to look further. */
export function printOutcome(run: Run, asserted: AssertedRun | undefined, folder: string): void {
  const write = (line: string): boolean => process.stdout.write(`${line}\n`);
  write(verdictTable(run, process.stdout.columns ?? 140));
  if (asserted !== undefined) {
    write(`Assertions: ${asserted.passed} of ${asserted.total} passed`);
    // Where verdicts fail, their assertions do too, and the table has already said why.
    if (run.outcome === 'pass') for (const failure of asserted.failures) write(`  ${failure}`);
  }
  for (const { id, outcome, reason } of run.experiments) {
    write(`${paint(outcome)} ${id}${reason === undefined ? '' : `: ${reason}`}`);
  }
  const counts = (['pass', 'fail', 'inconclusive', 'skipped'] as const)
    .map((outcome) => [run.experiments.filter((each) => each.outcome === outcome).length, outcome] as const)
    .filter(([amount]) => amount > 0)
    .map(([amount, outcome]) => `${amount} ${outcome}`);
  write(
    `${colour('bold', 'Run')} ${run.run}: ${paint(run.outcome)} (${counts.join(', ')}) in ${(run.durationMs / 1000).toFixed(0)} s, runtime ${run.runtime}`,
  );
  write(`Report ${join(folder, runFiles.report)}`);
}

/** The exit code of a run. Assertions that fail although the verdicts pass are a failure too. */
export function outcomeExitCode(outcome: Outcome, asserted?: AssertedRun): ExitCode {
  const contradicted = asserted !== undefined && (asserted.failures.length > 0 || asserted.total === 0);
  if (outcome === 'pass') return contradicted ? exitCodes.fail : exitCodes.pass;
  return outcome === 'fail' ? exitCodes.fail : exitCodes.inconclusive;
}
