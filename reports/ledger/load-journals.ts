import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type LoadedFile, loadSource } from './evidence-source.js';

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

const row = {
  // The arm of a request id `<arm>.<client>.<number>`.
  arm: "TRY_CAST(array_to_string(string_split(any_value(requestId), '.')[:-3], '.') AS armName)",
  ...Object.fromEntries(
    ['requestId', 'instance', 'method', 'path', 'arrivedAt', 'finishedAt', 'queueMs', 'prefillMs'].map((name) => [
      name,
      `any_value(${name})`,
    ]),
  ),
  status: 'coalesce(any_value(status), 0)',
  completed: 'coalesce(any_value(completed), false)',
  journal: 'tag',
  number: 'n',
  lines: 'count(*)',
};

/** A condition on a row of `service`: its arrival or its end is there more than once. */
const isDouble = 'lines > (arrivedAt IS NOT NULL)::INTEGER + (finishedAt IS NOT NULL)::INTEGER';

/**
 * Reads the arrival journals of all instances into the table `service`. A journal has two lines for each request, which
 * are put together by their number; one that never finished was in flight when the instance died.
 *
 * @param folder where the journals are
 * @param names of their files, one an instance
 */
export async function loadJournals(
  connection: DuckDBConnection,
  folder: string,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return ['there is no journal of the service'];
  const loaded = await loadSource(connection, {
    files: names.map((name) => ({ path: join(folder, name), label: `the journal ${name}`, tag: name })),
    table: 'service',
    key: 'number',
    columns,
    needs: [`((${arrived}) OR (${finished}))`],
    row,
    tagColumn: 'journal',
    linesColumn: 'lines',
  });
  const gaps = [...loaded.flatMap((each) => each.gaps), ...(await numberGaps(connection, loaded))];
  await connection.run('DELETE FROM service WHERE arrivedAt IS NULL');
  return gaps;
}

/** What the numbers of the lines tell: each is to be there once as an arrival, and at most once as an end. */
async function numberGaps(connection: DuckDBConnection, loaded: readonly LoadedFile[]): Promise<string[]> {
  const counted = await connection.runAndReadAll(`
    SELECT journal, (max(number) - count(*))::INTEGER AS absent, count(*) FILTER (arrivedAt IS NULL)::INTEGER AS strays,
      count(*) FILTER (${isDouble})::INTEGER AS doubles, min(number) FILTER (${isDouble}) AS double
    FROM service GROUP BY journal HAVING absent > 0 OR strays > 0 OR doubles > 0`);
  const rows = counted.getRowObjects() as {
    journal: string;
    absent: number;
    strays: number;
    doubles: number;
    double: bigint;
  }[];
  return loaded.flatMap(({ file }) => {
    const found = rows.find((row) => row.journal === file.tag);
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
