import { DOUBLE, type DuckDBInstance, type DuckDBResult, type DuckDBType } from '@duckdb/node-api';
import type { SqlValues } from '../../harness/model/ledger.js';
import { plainValue } from './plain-value.js';
import { sqlName } from './sql-text.js';

/** Queries that see one arm of a ledger. */
export class ArmQueries {
  readonly #instance: DuckDBInstance;
  readonly #use: string;

  /** @param catalog name of the database that the ledger is attached as */
  constructor(instance: DuckDBInstance, catalog: string, arm: string) {
    this.#instance = instance;
    this.#use = `USE ${sqlName(catalog)}.${sqlName(arm)}`;
  }

  async query<T>(sql: string, values: SqlValues = {}): Promise<readonly T[]> {
    const rows: T[] = [];
    for await (const chunk of this.stream<T>(sql, values)) rows.push(...chunk);
    return rows;
  }

  async *stream<T>(sql: string, values: SqlValues = {}): AsyncIterable<readonly T[]> {
    // A connection of its own: another query on the same one would end this result.
    const connection = await this.#instance.connect();
    try {
      await connection.run(this.#use);
      const result = await connection.stream(sql, { ...values }, typesOf(values));
      yield* rowsOf<T>(result);
    } finally {
      connection.closeSync();
    }
  }
}

/** Every number is a DOUBLE, whether or not it happens to be whole. */
function typesOf(values: SqlValues): Record<string, DuckDBType | undefined> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? DOUBLE : undefined]),
  );
}

async function* rowsOf<T>(result: DuckDBResult): AsyncIterable<readonly T[]> {
  const names = result.deduplicatedColumnNames();
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const rows = Array.from({ length: chunk.rowCount }, (): Record<string, unknown> => ({}));
    for (const [index, name] of names.entries()) {
      chunk.visitColumnValues(index, (value, place) => {
        const row = rows[place];
        if (row !== undefined) row[name] = typeof value === 'number' ? value : plainValue(value);
      });
    }
    yield rows as T[];
  }
}
