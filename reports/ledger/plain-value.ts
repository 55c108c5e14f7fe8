import { DuckDBListValue, DuckDBMapValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';

/**
 * A value of DuckDB as plain JavaScript: whole numbers become numbers whatever their width, lists arrays, maps and
 * structs objects. Counts and sums of a ledger stay far below 2^53.
 */
export function plainValue(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof DuckDBListValue) return value.items.map(plainValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, each]) => [key, plainValue(each)]));
  }
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(value.entries.map(({ key, value: each }) => [String(key), plainValue(each)]));
  }
  return value;
}
