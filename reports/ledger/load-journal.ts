import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type EvidenceSource, loadSource } from './evidence-source.js';

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
};

const arrived = `event = 'arrived' AND ${present('n', 'requestId', 'instance', 'method', 'path', 'arrivedAt')}`;
const finished = `event = 'finished' AND ${present('n', 'finishedAt', 'status', 'completed')}`;

/** The arm in a request id `<arm>.<client>.<number>`. */
const armOfRequest = "array_to_string(string_split(requestId, '.')[:-3], '.')";

/**
 * Reads the arrival journal of one instance into the table `service`. It has two lines for each request, which are joined
 * by their number; one that never finished was in flight when the instance died.
 */
export async function loadJournal(connection: DuckDBConnection, path: string): Promise<string[]> {
  const source: EvidenceSource = {
    path,
    label: `the journal ${basename(path)}`,
    table: 'journal',
    key: 'event',
    columns,
    needs: [`((${arrived}) OR (${finished}))`],
    row: Object.fromEntries(Object.keys(columns).map((name) => [name, name])),
  };
  const types = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await connection.run(`CREATE TEMP TABLE journal (${types.join(', ')})`);
  const gaps = await loadSource(connection, source);
  await connection.run(`
    INSERT INTO service
    SELECT ${armOfRequest}, requestId, instance, method, path, arrivedAt, ended.finishedAt,
      coalesce(ended.status, 0), coalesce(ended.completed, false)
    FROM journal LEFT JOIN (
      SELECT n, finishedAt, status, completed FROM journal WHERE event = 'finished'
    ) AS ended USING (n)
    WHERE event = 'arrived'`);
  const result = await connection.run(`
    SELECT count(*)::INTEGER FROM journal
    WHERE event = 'finished' AND n NOT IN (SELECT n FROM journal WHERE event = 'arrived')`);
  const strays = Number((await result.getRows())[0]?.[0]);
  await connection.run('DROP TABLE journal');
  return strays === 0 ? gaps : [...gaps, `${source.label} has ${strays} requests that finished and never arrived`];
}

function present(...names: readonly string[]): string {
  return names.map((name) => `${name} IS NOT NULL`).join(' AND ');
}
