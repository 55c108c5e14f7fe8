import type { ArmLedger, SqlValues } from '../model/ledger.js';

const most = 5;

/**
 * The first few rows of a query, as evidence that a person can look up, and how many more there are.
 *
 * @param sql gives a text `example` and a `place` to order by
 */
export async function examples(
  ledger: ArmLedger,
  label: string,
  sql: string,
  values: SqlValues = {},
): Promise<string[]> {
  const rows = await ledger.query<{ example: string; total: number }>(
    `SELECT example, count(*) OVER () AS total FROM (${sql}) ORDER BY place, example LIMIT ${most}`,
    values,
  );
  return listed(
    label,
    rows.map((row) => row.example),
    rows[0]?.total ?? 0,
  );
}

/** The first few of a list, and how many more there are. */
export function firstOf(label: string, list: readonly string[]): string[] {
  return listed(label, list.slice(0, most), list.length);
}

function listed(label: string, first: readonly string[], total: number): string[] {
  if (first.length === 0) return [];
  const rest = total > most ? ` and ${total - most} more` : '';
  return [`${label}: ${first.join(', ')}${rest}`];
}
