import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName, sqlText } from './sql-text.js';

/** A file of JSON lines and the table that it fills. */
export interface EvidenceSource {
  readonly path: string;
  /** What people call it, for example `Traefik's access log`. */
  readonly label: string;
  readonly table: string;
  /** The key of every table's row; a row without it is not of the form that the table needs. */
  readonly key: string;
  /** Keys of a line and the types that they must have. */
  readonly columns: Readonly<Record<string, string>>;
  /** SQL that makes a row out of a line, by the names of its columns. `key` must be among them. */
  readonly row: Readonly<Record<string, string>>;
  /** SQL conditions on a line without which it is malformed. */
  readonly needs: readonly string[];
  /** Lines at the file's begin and end that are no rows. */
  readonly frame?: { readonly first: boolean; readonly last: boolean };
}

/**
 * Fills a table from a file. A line that is cut off or malformed is counted and named, and so is a file that is missing
 * or cannot be read; none of it is passed over in silence.
 *
 * DuckDB makes a row without values of a line that it cannot read. Lines that lack something get no key, so one look at
 * the key afterwards tells how many were not whole, without reading the file again.
 *
 * @returns a sentence for each thing that is wrong with the file
 */
export async function loadSource(connection: DuckDBConnection, source: EvidenceSource): Promise<string[]> {
  const { path, label, table, key, row, frame } = source;
  if (!existsSync(path)) return [`${label} is missing`];
  const columns = Object.keys(row);
  const values = columns.map((column) => (column === key ? keyOf(source) : row[column]));
  try {
    await connection.run(
      `INSERT INTO ${table} (${columns.map(sqlName).join(', ')}) SELECT ${values.join(', ')} FROM ${linesOf(source)}`,
    );
  } catch (error) {
    return [`${label} cannot be read: ${firstLine((error as Error).message)}`];
  }
  const [[keyless]] = (await (
    await connection.run(`SELECT count(*)::INTEGER FROM ${table} WHERE ${sqlName(key)} IS NULL`)
  ).getRows()) as [[number]];
  if (keyless === 0) return [];
  await connection.run(`DELETE FROM ${table} WHERE ${sqlName(key)} IS NULL`);
  const malformed = keyless - Number(frame?.first ?? false) - Number(frame?.last ?? false);
  if (malformed === 0) return [];
  return [`${label} has ${malformed} malformed lines, the first is line ${await firstMalformed(connection, source)}`];
}

/** The file's lines as a table of their keys; NULL for a key that is missing or of another type. */
function linesOf({ path, columns }: EvidenceSource): string {
  const types = Object.entries(columns).map(([name, type]) => `${sqlName(name)}: ${sqlText(type)}`);
  return `read_json(${sqlText(path)}, format = 'newline_delimited', ignore_errors = true, columns = {${types.join(', ')}})`;
}

function keyOf({ key, row, needs }: EvidenceSource): string {
  return `CASE WHEN ${needs.join(' AND ')} THEN ${row[key]} END`;
}

/** Only looked for where there is one: numbering the lines costs more than reading them. */
async function firstMalformed(connection: DuckDBConnection, source: EvidenceSource): Promise<number> {
  const { frame } = source;
  const result = await connection.run(
    `WITH numbered AS (SELECT row_number() OVER () AS line, ${keyOf(source)} AS whole FROM ${linesOf(source)})
     SELECT min(line)::INTEGER FROM numbered
     WHERE whole IS NULL AND line > ${frame?.first ? 1 : 0}
       ${frame?.last ? 'AND line < (SELECT max(line) FROM numbered)' : ''}`,
  );
  return Number((await result.getRows())[0]?.[0]);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
