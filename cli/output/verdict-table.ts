import Table from 'cli-table3';
import { controlProof } from '../../harness/model/control-proof.js';
import { accuracyInWords } from '../../harness/model/generator-accuracy.js';
import type { Outcome } from '../../harness/model/outcome.js';
import type { Run } from '../../harness/model/run.js';
import { colour } from './colour.js';

const outcomeWidth = 14;
const fewestColumns = 100;
const mostColumns = 180;

/** The closing table of a run: each claim with what was expected, what was measured and the outcome. */
export function verdictTable(run: Run, columns: number): string {
  const width = Math.min(Math.max(columns, fewestColumns), mostColumns);
  const text = Math.floor((width - outcomeWidth - 5) / 3);
  const table = new Table({
    head: ['Claim', 'Expected', 'Measured', 'Outcome'],
    colWidths: [text, text, text, outcomeWidth],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  if (run.calibration !== undefined) {
    const { ratePerSecond, outcome, reason } = run.calibration;
    const content = `Error of the load generator at ${ratePerSecond} a second: ${accuracyInWords(run.calibration)}`;
    table.push([{ colSpan: 3, content: reason === undefined ? content : `${content}\n${reason}` }, paint(outcome)]);
  }
  for (const { id, title, outcome, reason, verdicts, negativeControl } of run.experiments) {
    table.push([
      { colSpan: 3, content: `${id}: ${title}${reason === undefined ? '' : `\n${reason}`}` },
      paint(outcome),
    ]);
    for (const verdict of verdicts) {
      table.push([
        `${verdict.claim} [${verdict.check}, ${verdict.kind}]`,
        verdict.expected,
        verdict.measured,
        paint(verdict.outcome),
      ]);
    }
    const proof = controlProof(negativeControl);
    const word = negativeControl.outcome === 'fail' ? 'failed, as it must' : negativeControl.outcome;
    table.push([{ colSpan: 3, content: `Negative control: ${negativeControl.reason}` }, paint(proof, word)]);
  }
  return table.toString();
}

/** An outcome in capitals and colour. */
export function paint(outcome: Outcome, word: string = outcome.toUpperCase()): string {
  const colours = { pass: 'green', fail: 'red', inconclusive: 'yellow', skipped: 'gray' } as const;
  return colour(colours[outcome], word);
}
