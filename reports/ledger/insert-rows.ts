import type { DuckDBConnection } from '@duckdb/node-api';

const rowsAtOnce = 10_000;

/** Inserts rows into a table of the connection's database by the names of their keys; keys that a row lacks are NULL. */
export async function insertRows(connection: DuckDBConnection, table: string, rows: Iterable<object>): Promise<void> {
  const described = await connection.runAndReadAll(`SELECT column_name, column_type FROM (DESCRIBE ${table})`);
  const types = described.getRows() as [string, string][];
  const insert = async (part: readonly object[]): Promise<void> => {
    if (part.length === 0) return;
    const keys = new Set(part.flatMap((row) => Object.keys(row)));
    const structure = JSON.stringify([Object.fromEntries(types.filter(([name]) => keys.has(name)))]);
    await connection.run(
      `INSERT INTO ${table} BY NAME SELECT unnest(from_json($rows, $structure), recursive := true)`,
      {
        rows: JSON.stringify(part),
        structure,
      },
    );
  };
  let part: object[] = [];
  for (const row of rows) {
    part.push(row);
    if (part.length < rowsAtOnce) continue;
    await insert(part);
    part = [];
  }
  await insert(part);
}
