import type { DuckDBConnection } from '@duckdb/node-api';
import { loadSource } from './evidence-source.js';
import { accessLog } from './evidence-sources.js';

/**
 * Reads Traefik's access log into the table `gateway`. Traefik numbers all requests from 1, also those of no client of
 * ours, so a number that is missing is a line that is missing.
 *
 * @param folder the run's folder
 */
export async function loadAccessLog(connection: DuckDBConnection, folder: string): Promise<string[]> {
  const loaded = await loadSource(connection, accessLog(folder));
  const gaps = loaded.flatMap((each) => each.gaps);
  // A line may be there for another that is not: the sum tells, and costs nothing where all is well.
  const odd = await rowsOf<{ last: number }>(
    connection,
    `SELECT max(number)::DOUBLE AS last FROM gateway
     HAVING count(*) <> max(number) OR sum(number) <> max(number) * (max(number) + 1) // 2`,
  );
  const last = odd[0]?.last;
  if (last === undefined) return gaps;
  const [numbers] = await rowsOf<{ seen: number }>(
    connection,
    'SELECT count(DISTINCT number)::DOUBLE AS seen FROM gateway',
  );
  const absent = last - (numbers?.seen ?? 0);
  return absent === 0 ? gaps : [...gaps, `Traefik's access log lacks ${absent} of its ${last} lines`];
}

async function rowsOf<R>(connection: DuckDBConnection, sql: string): Promise<R[]> {
  return (await connection.runAndReadAll(sql)).getRowObjects() as R[];
}
