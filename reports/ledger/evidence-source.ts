import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName, sqlText } from './sql-text.js';

/** A file of JSON lines. */
export interface EvidenceFile {
  readonly path: string;
  /** What people call it, for example `Traefik's access log`. */
  readonly label: string;
  /** What its rows are told apart by from those of the other files of a source. */
  readonly tag: string;
  /** Whether its first and its last line are no rows. */
  readonly frame?: { readonly first: boolean; readonly last: boolean };
}

/** Files of one kind and the table that they fill. */
export interface EvidenceSource {
  readonly files: readonly EvidenceFile[];
  readonly table: string;
  /** A column that every row has; a row without it is not of the form that the table needs. */
  readonly key: string;
  /** Keys of a line and the types that they must have. */
  readonly columns: Readonly<Record<string, string>>;
  /** SQL that makes the columns of a row out of the keys of a line and its file's `tag`. */
  readonly row: Readonly<Record<string, string>>;
  /** SQL conditions on a line without which it is malformed. */
  readonly needs: readonly string[];
  /** Column that keeps the file's tag. Not needed where there is one file. */
  readonly tagColumn?: string;
  /**
   * A column that counts the lines of a row, where lines are put together: all that have the same values in the columns
   * that `row` does not aggregate.
   */
  readonly linesColumn?: string;
}

/** What came of one file: how many rows, and a sentence for each thing that is wrong with it. */
export interface LoadedFile {
  readonly file: EvidenceFile;
  readonly rows: number;
  readonly gaps: string[];
}

/** An exchange with very many tokens has a long line; DuckDB reads pieces of twice this size. */
const longestLine = 4_000_000;

/**
 * Fills a table from files. A line that is cut off or malformed is counted and named, and so is a file that is missing
 * or cannot be read; none of it is passed over in silence.
 *
 * DuckDB makes a row without values of a line that it cannot read. Lines that lack something get no key, so one look at
 * the keys afterwards tells how many were not whole, without reading the files again.
 */
export async function loadSource(connection: DuckDBConnection, source: EvidenceSource): Promise<LoadedFile[]> {
  const missing = source.files.filter((file) => !existsSync(file.path));
  const present = source.files.filter((file) => !missing.includes(file));
  const failed = await insertAll(connection, source, present);
  const counts = await countRows(connection, source);
  if (counts.some(({ keyless }) => keyless > 0)) {
    await connection.run(`DELETE FROM ${source.table} WHERE ${sqlName(source.key)} IS NULL`);
  }
  const loaded = present.map(async (file): Promise<LoadedFile> => {
    const failure = failed.get(file);
    if (failure !== undefined) return { file, rows: 0, gaps: [`${file.label} cannot be read: ${failure}`] };
    const { lines, keyless } = counts.find(({ tag }) => tag === file.tag) ?? { lines: 0, keyless: 0 };
    const malformed = keyless - Number(file.frame?.first ?? false) - Number(file.frame?.last ?? false);
    const gaps = malformed > 0 ? [await malformedGap(connection, source, file, malformed)] : [];
    return { file, rows: lines - keyless, gaps };
  });
  return [
    ...missing.map((file) => ({ file, rows: 0, gaps: [`${file.label} is missing`] })),
    ...(await Promise.all(loaded)),
  ];
}

/**
 * All files in one go, which uses every core; one by one only where a file fails, so that it does not take the others
 * with it.
 *
 * @returns why files could not be read
 */
async function insertAll(
  connection: DuckDBConnection,
  source: EvidenceSource,
  files: readonly EvidenceFile[],
): Promise<Map<EvidenceFile, string>> {
  if (files.length === 0) return new Map();
  const { table, row, key, linesColumn } = source;
  const columns = Object.keys(row);
  const values = columns.map((column) => (column === key ? keyOf(source) : row[column]));
  try {
    await connection.run(
      `INSERT INTO ${table} (${columns.map(sqlName).join(', ')}) SELECT ${values.join(', ')}
       FROM ${linesOf(source, files)} ${linesColumn === undefined ? '' : 'GROUP BY ALL'}`,
    );
    return new Map();
  } catch (error) {
    const [file] = files;
    if (files.length === 1 && file !== undefined) {
      return new Map([[file, (error as Error).message.split('\n')[0] ?? '']]);
    }
    const failed = new Map<EvidenceFile, string>();
    for (const each of files) for (const entry of await insertAll(connection, source, [each])) failed.set(...entry);
    return failed;
  }
}

/** How many lines of each file are in the table, and how many of them have no key. */
async function countRows(
  connection: DuckDBConnection,
  { table, key, tagColumn, linesColumn, files }: EvidenceSource,
): Promise<{ tag: string; lines: number; keyless: number }[]> {
  const tag = tagColumn === undefined ? sqlText(files[0]?.tag ?? '') : sqlName(tagColumn);
  const lines = linesColumn === undefined ? '1' : sqlName(linesColumn);
  const counted = await connection.runAndReadAll(
    `SELECT ${tag} AS tag, sum(${lines})::INTEGER AS lines,
       coalesce(sum(${lines}) FILTER (${sqlName(key)} IS NULL), 0)::INTEGER AS keyless
     FROM ${table} GROUP BY tag`,
  );
  return counted.getRowObjects() as { tag: string; lines: number; keyless: number }[];
}

/** The lines of files as a table of their keys and tag; NULL for a key that is missing or of another type. */
function linesOf({ columns }: EvidenceSource, files: readonly EvidenceFile[]): string {
  const types = Object.entries(columns).map(([name, type]) => `${sqlName(name)}: ${sqlText(type)}`);
  const paths = files.map((file) => sqlText(file.path));
  const tags = files.map((file) => `WHEN ${sqlText(file.path)} THEN ${sqlText(file.tag)}`);
  return `(
    SELECT *, CASE filename ${tags.join(' ')} END AS tag
    FROM read_json([${paths.join(', ')}], format = 'newline_delimited', ignore_errors = true, filename = true,
      maximum_object_size = ${longestLine}, columns = {${types.join(', ')}})
  )`;
}

function keyOf({ key, row, needs }: EvidenceSource): string {
  return `CASE WHEN ${needs.join(' AND ')} THEN ${row[key]} END`;
}

/** The line is only looked for where there is one: numbering the lines costs more than reading them. */
async function malformedGap(
  connection: DuckDBConnection,
  source: EvidenceSource,
  file: EvidenceFile,
  malformed: number,
): Promise<string> {
  const { frame, label } = file;
  const result = await connection.run(
    `WITH numbered AS (SELECT row_number() OVER () AS line, ${keyOf(source)} AS whole FROM ${linesOf(source, [file])})
     SELECT min(line)::INTEGER FROM numbered
     WHERE whole IS NULL AND line > ${frame?.first ? 1 : 0}
       ${frame?.last ? 'AND line < (SELECT max(line) FROM numbered)' : ''}`,
  );
  const first = Number((await result.getRows())[0]?.[0]);
  return `${label} has ${malformed} malformed lines, the first is line ${first}`;
}
