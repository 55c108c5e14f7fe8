import type { FaultRecord } from '../model/fault-record.js';
import type { ArmLedger, SqlValues } from '../model/ledger.js';
import { examples } from './examples.js';

/** The record of the fault at a position of the experiment's timeline, if it was recorded. */
export function faultAt(ledger: ArmLedger, index: number): FaultRecord | undefined {
  return ledger.faults.find((fault) => fault.index === index);
}

/** A condition on rows of `client` with its parameters. */
export interface Window {
  readonly sql: string;
  readonly values: SqlValues;
}

/** Requests that can have met a fault: in flight at some time between the first ask and the confirmed heal. */
export function possiblyDuring({ applyingAt, healedAt }: FaultRecord): Window {
  return { sql: 'endedAt >= $applyingAt AND sentAt <= $healedAt', values: { applyingAt, healedAt } };
}

/** Requests that must have met a fault: sent and answered while it was confirmed to act. */
export function surelyDuring({ appliedAt, healingAt }: FaultRecord): Window {
  return { sql: 'sentAt >= $appliedAt AND endedAt <= $healingAt', values: { appliedAt, healingAt } };
}

/** How many requests of a window there are, and how many of them failed. */
export async function tally(ledger: ArmLedger, { sql, values }: Window): Promise<{ requests: number; failed: number }> {
  const [row] = await ledger.query<{ requests: number; failed: number }>(
    `SELECT count(*) AS requests, count(*) FILTER (NOT succeeded) AS failed FROM client WHERE ${sql}`,
    values,
  );
  return row ?? { requests: 0, failed: 0 };
}

/** The first few failed requests of a window, as evidence that a person can look up. */
export async function failedExamples(ledger: ArmLedger, { sql, values }: Window): Promise<string[]> {
  return examples(
    ledger,
    'failed',
    `SELECT requestId || ' (' || status || ')' AS example, sentAt AS place FROM client WHERE ${sql} AND NOT succeeded`,
    values,
  );
}
