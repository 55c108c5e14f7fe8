import type { FaultBand } from '../time-series.js';

/** The row of each fault's label, from 0: faults that act at the same time get different rows, so no label hides another. */
export function labelRows(faults: readonly FaultBand[]): readonly number[] {
  const rows = new Array<number>(faults.length).fill(0);
  const endOfRow: number[] = [];
  const byStart = faults.map((fault, index) => ({ fault, index })).sort((a, b) => a.fault.fromMs - b.fault.fromMs);
  for (const { fault, index } of byStart) {
    const free = endOfRow.findIndex((end) => end <= fault.fromMs);
    const row = free === -1 ? endOfRow.length : free;
    endOfRow[row] = fault.untilMs;
    rows[index] = row;
  }
  return rows;
}
