import { describe, expect, test } from 'vitest';
import type { Run } from '../../harness/model/run.js';
import { sampleRun } from '../../reports/fixtures/sample-run.js';
import { verdictTable } from './verdict-table.js';

/** The texts of a table's cells, a cell that wraps joined again. */
function cellsOf(table: string): string[] {
  const cells: string[] = [];
  let row: string[] = [];
  for (const line of table.split('\n')) {
    if (!line.startsWith('│')) {
      cells.push(...row);
      row = [];
      continue;
    }
    for (const [index, text] of line.split('│').slice(1, -1).entries()) {
      row[index] = `${row[index] ?? ''} ${text.trim()}`.trim();
    }
  }
  return [...cells, ...row];
}

describe.each([100, 140, 180])('%i columns', (columns) => {
  const table = verdictTable(sampleRun, columns);

  test('no line is wider', () => {
    for (const line of table.split('\n')) expect([...line].length).toBeLessThanOrEqual(columns);
  });

  test('the room is used', () => {
    expect(Math.max(...table.split('\n').map((line) => [...line].length))).toBeGreaterThan(columns - 4);
  });

  test('every claim has what was expected, what was measured and the outcome, and nothing is cut', () => {
    const cells = cellsOf(table);
    expect(cells).toEqual(expect.arrayContaining(['Claim', 'Expected', 'Measured', 'Outcome']));
    for (const { id, title, reason, outcome, negativeControl, verdicts } of sampleRun.experiments) {
      const head = cells.indexOf([`${id}: ${title}`, reason].filter((text) => text !== undefined).join(' '));
      expect(head, `${id} has a row`).toBeGreaterThan(-1);
      expect(cells[head + 1]).toBe(outcome.toUpperCase());
      for (const verdict of verdicts) {
        const claim = cells.indexOf(`${verdict.claim} [${verdict.check}, ${verdict.kind}]`);
        expect(claim, verdict.claim).toBeGreaterThan(head);
        expect(cells.slice(claim + 1, claim + 4)).toEqual([
          verdict.expected,
          verdict.measured,
          verdict.outcome.toUpperCase(),
        ]);
      }
      expect(cells).toContain(`Negative control: ${negativeControl.reason}`);
    }
    expect(table).not.toContain('…');
  });
});

test.each([
  [20, 100],
  [400, 180],
])('a terminal of %i columns gets a table of at most %i', (columns, width) => {
  const widest = Math.max(
    ...verdictTable(sampleRun, columns)
      .split('\n')
      .map((line) => [...line].length),
  );
  expect(widest).toBeLessThanOrEqual(width);
  expect(widest).toBeGreaterThan(width - 4);
});

test('the error of the load generator comes first, with what is wrong with it', () => {
  const measured =
    'Error of the load generator at 240 a second: TTFT +0.21 ms (99 % within 1.13 ms), gaps -0.00 ms (99 % within 1.12 ms), latency +0.28 ms (99 % within 1.34 ms)';
  expect(cellsOf(verdictTable(sampleRun, 140)).slice(4, 6)).toEqual([measured, 'PASS']);
  const calibration = { ...calibrationOf(sampleRun), outcome: 'fail' as const, reason: 'TTFT is inexact' };
  const cells = cellsOf(verdictTable({ ...sampleRun, calibration }, 140));
  expect(cells.slice(4, 6)).toEqual([`${measured} TTFT is inexact`, 'FAIL']);
  expect(verdictTable({ ...sampleRun, calibration: undefined }, 140)).not.toContain('load generator');
});

function calibrationOf({ calibration }: Run): NonNullable<Run['calibration']> {
  if (calibration === undefined) throw new Error('the sample run has no calibration');
  return calibration;
}

test('a control that does not fail is not praised', () => {
  const [first] = sampleRun.experiments;
  if (first === undefined) throw new Error('the sample run has no experiment');
  const toothless = { ...first, negativeControl: { outcome: 'pass' as const, reason: 'All 600 requests succeeded.' } };
  const praised = cellsOf(verdictTable({ ...sampleRun, experiments: [first] }, 140));
  const found = cellsOf(verdictTable({ ...sampleRun, experiments: [toothless] }, 140));
  expect(praised[praised.indexOf(`Negative control: ${first.negativeControl.reason}`) + 1]).toBe('failed, as it must');
  expect(found[found.indexOf('Negative control: All 600 requests succeeded.') + 1]).toBe('pass');
});
