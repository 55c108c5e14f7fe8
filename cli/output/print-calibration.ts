import { join } from 'node:path';
import Table from 'cli-table3';
import { calibrationFile } from '../../chaos/calibration/calibrate.js';
import type { Calibration } from '../../chaos/calibration/calibration-schema.js';
import { colour } from './colour.js';
import { paint } from './verdict-table.js';

type Load = Calibration['loads'][number];

/** Prints what a calibration measured, what follows from it, and where the evidence is. */
export function printCalibration(calibration: Calibration, folder: string): void {
  const write = (line: string): boolean => process.stdout.write(`${line}\n`);
  write(calibrationTables(calibration));
  write(
    `${colour('bold', 'Calibration')} ${calibration.calibration}: ${paint(calibration.outcome)} in ${(calibration.durationMs / 1000).toFixed(0)} s, ${calibration.processors} processors, runtime process`,
  );
  write(`Details ${join(folder, calibrationFile)}`);
}

/** The table of loads with the errors measured under each, and the table of claims. */
export function calibrationTables({ loads, verdicts }: Pick<Calibration, 'loads' | 'verdicts'>): string {
  const style = { head: [], border: [] };
  const measured = new Table({
    head: ['Load', 'Per s', 'Late', 'Busy', 'TTFT error', 'Gap error', 'Latency error', 'Server'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
    style,
  });
  for (const load of loads) measured.push(rowOf(load));
  const claims = new Table({
    head: ['Claim', 'Expected', 'Measured', 'Outcome'],
    colWidths: [26, 25, 30, 14],
    wordWrap: true,
    style,
  });
  for (const { claim, expected, measured, outcome } of verdicts)
    claims.push([claim, expected, measured, paint(outcome)]);
  return [
    measured.toString(),
    'Milliseconds. Late: 99 % of the requests left at most this much after their plan.',
    'Busy: all processors, in the busiest second. Errors: measured less true, median and 99 %.',
    'Server: 99 % of its tokens left at most this late, which is no part of the errors.',
    claims.toString(),
  ].join('\n');
}

function rowOf({ name, ratePerSecond, lateP99Ms, busiestMachine, serverLagP99Ms, errors }: Load): string[] {
  return [
    name,
    String(ratePerSecond),
    lateP99Ms.toFixed(1),
    busiestMachine === undefined ? '-' : `${Math.round(busiestMachine * 100)} %`,
    ...[errors.ttft, errors.gap, errors.latency].map(({ biasMs, p99Ms }) => `${signed(biasMs)} / ${figure(p99Ms)}`),
    figure(serverLagP99Ms),
  ];
}

function figure(ms: number | null): string {
  return ms === null ? '-' : ms.toFixed(2);
}

function signed(ms: number | null): string {
  return ms === null ? '-' : `${ms < 0 ? '' : '+'}${ms.toFixed(2)}`;
}
