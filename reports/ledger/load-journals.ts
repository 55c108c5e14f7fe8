import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type EvidenceSource, type LoadedFile, loadSource } from './evidence-source.js';

const columns = {
  event: 'VARCHAR',
  n: 'BIGINT',
  requestId: 'VARCHAR',
  instance: 'VARCHAR',
  method: 'VARCHAR',
  path: 'VARCHAR',
  arrivedAt: 'DOUBLE',
  finishedAt: 'DOUBLE',
  status: 'INTEGER',
  completed: 'BOOLEAN',
  queueMs: 'DOUBLE',
  prefillMs: 'DOUBLE',
};

const arrived = `event = 'arrived' AND ${present('n', 'requestId', 'instance', 'method', 'path', 'arrivedAt')}`;
const finished = `event = 'finished' AND ${present('n', 'finishedAt', 'status', 'completed')}`;

/** What both lines of a request say is kept of the first alone. */
const { event: _, ...others } = columns;
const row = {
  ...Object.fromEntries(Object.keys(others).map((name) => [name, name])),
  file: 'tag',
  arrived: "event = 'arrived'",
  requestId: "CASE WHEN event = 'arrived' THEN requestId END",
  instance: "CASE WHEN event = 'arrived' THEN instance END",
};
const rowTypes = { file: 'VARCHAR', arrived: 'BOOLEAN', ...others };

/** The arm in a request id `<arm>.<client>.<number>`. */
const armOfRequest = "array_to_string(string_split(requestId, '.')[:-3], '.')";

/**
 * Reads the arrival journals of all instances into the table `service`. A journal has two lines for each request, which
 * are joined by their number; one that never finished was in flight when the instance died.
 *
 * @param folder where the journals are, one file an instance
 */
export async function loadJournals(connection: DuckDBConnection, folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).toSorted();
  if (names.length === 0) return ['there is no journal of the service'];
  const source: EvidenceSource = {
    files: names.map((name) => ({ path: join(folder, name), label: `the journal ${name}`, tag: name })),
    table: 'journal',
    key: 'arrived',
    columns,
    needs: [`((${arrived}) OR (${finished}))`],
    row,
    tagColumn: 'file',
  };
  const types = Object.entries(rowTypes).map(([name, type]) => `${name} ${type}`);
  await connection.run(`CREATE TEMP TABLE journal (${types.join(', ')})`);
  const loaded = await loadSource(connection, source);
  await connection.run(`
    INSERT INTO service
    SELECT ${armOfRequest}, requestId, instance, method, path, arrivedAt, ended.finishedAt,
      coalesce(ended.status, 0), coalesce(ended.completed, false), ended.queueMs, ended.prefillMs
    FROM journal LEFT JOIN (
      SELECT file, n, finishedAt, status, completed, queueMs, prefillMs FROM journal WHERE NOT arrived
    ) AS ended USING (file, n)
    WHERE arrived`);
  const gaps = loaded.flatMap((each) => each.gaps);
  gaps.push(...(await numberGaps(connection, loaded)));
  await connection.run('DROP TABLE journal');
  return gaps;
}

/** What the numbers of the lines tell: each is to be there once as an arrival, and at most once as an end. */
async function numberGaps(connection: DuckDBConnection, loaded: readonly LoadedFile[]): Promise<string[]> {
  const counted = await connection.runAndReadAll(`
    WITH numbers AS (
      SELECT file, n, count(*) FILTER (arrived) AS arrivals, count(*) FILTER (NOT arrived) AS ends
      FROM journal GROUP BY file, n
    )
    SELECT file, count(*) FILTER (arrivals = 0)::INTEGER AS strays,
      (max(n) - count(*))::INTEGER AS absent, count(*) FILTER (arrivals > 1 OR ends > 1)::INTEGER AS doubles, min(n) FILTER (arrivals > 1 OR ends > 1) AS double
    FROM numbers GROUP BY file HAVING strays > 0 OR doubles > 0 OR absent > 0`);
  const rows = counted.getRowObjects() as {
    file: string;
    absent: number;
    strays: number;
    doubles: number;
    double: bigint;
  }[];
  return loaded.flatMap(({ file }) => {
    const found = rows.find((row) => row.file === file.tag);
    if (found === undefined) return [];
    const { absent, strays, doubles, double } = found;
    return [
      ...(absent === 0 ? [] : [`${file.label} lacks both lines of ${absent} requests that were numbered`]),
      ...(strays === 0 ? [] : [`${file.label} has ${strays} requests that finished and never arrived`]),
      ...(doubles === 0 ? [] : [`${file.label} has ${doubles} requests twice, the first is number ${double}`]),
    ];
  });
}

function present(...names: readonly string[]): string {
  return names.map((name) => `${name} IS NOT NULL`).join(' AND ');
}
