import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { PlannedArrival } from '../../harness/model/traffic.js';
import { sqlText } from './sql-text.js';

/** As many rows as DuckDB takes in one chunk. */
const chunkRows = 2_048;

/**
 * Appends the arrivals that an arm's schedule asked for. By columns and in whole chunks, because a million rows one by
 * one would take longer than reading what became of them.
 *
 * @param startedAt epoch milliseconds of the start of the load; without it no arrival has an instant
 */
export async function appendPlanned(
  connection: DuckDBConnection,
  arm: string,
  startedAt: number | undefined,
  arrivals: Iterable<PlannedArrival>,
): Promise<void> {
  await connection.run(
    'CREATE TEMP TABLE arriving (requestId VARCHAR, client INTEGER, groupNumber INTEGER, atMs DOUBLE)',
  );
  const groups: string[] = [];
  const appender = await connection.createAppender('arriving', 'main', 'temp');
  const chunk = DuckDBDataChunk.create([VARCHAR, INTEGER, INTEGER, DOUBLE]);
  let part: PlannedArrival[] = [];
  const append = (): void => {
    chunk.reset();
    chunk.rowCount = part.length;
    chunk.setColumns([
      part.map((arrival) => arrival.requestId),
      part.map((arrival) => arrival.client),
      part.map((arrival) => groupNumber(groups, arrival.group)),
      part.map((arrival) => arrival.atMs),
    ]);
    appender.appendDataChunk(chunk);
    part = [];
  };
  for (const arrival of arrivals) {
    part.push(arrival);
    if (part.length === chunkRows) append();
  }
  if (part.length > 0) append();
  appender.closeSync();
  await connection.run(
    `INSERT INTO planned SELECT $arm, requestId, client, ([${groups.map(sqlText).join(', ')}]::VARCHAR[])[groupNumber], $startedAt + atMs
     FROM temp.arriving`,
    { arm, startedAt: startedAt ?? null },
  );
  await connection.run('DROP TABLE temp.arriving');
}

/** The place of a group's name in the list, from 1; a name that is new is added. */
function groupNumber(groups: string[], group: string): number {
  const known = groups.indexOf(group);
  return known >= 0 ? known + 1 : groups.push(group);
}
