import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, INTEGER } from '@duckdb/node-api';
import type { RecordedArm } from '../../harness/model/recording.js';
import type { ClientSchedule } from '../../harness/model/traffic.js';
import { insertRows } from './insert-rows.js';

/** As many rows as DuckDB takes in one chunk. */
const chunkRows = 2_048;

/**
 * Fills the tables of the view `planned` with what the schedules asked for. Only numbers go in row by row, in whole
 * chunks; what all requests of a client share, the view joins to them.
 */
export async function appendPlanned(
  connection: DuckDBConnection,
  arms: readonly RecordedArm[],
  scheduled: (arm: RecordedArm) => Iterable<ClientSchedule>,
): Promise<void> {
  const clients: object[] = [];
  const appender = await connection.createAppender('arrivals');
  const chunk = DuckDBDataChunk.create([INTEGER, INTEGER, DOUBLE]);
  for (const arm of arms) {
    const { name, startedAt } = arm;
    for (const { client, group, instants } of scheduled(arm)) {
      const place = clients.push({ place: clients.length, arm: name, client, clientGroup: group, startedAt }) - 1;
      for (let from = 0; from < instants.length; from += chunkRows) {
        const part = instants.slice(from, from + chunkRows);
        chunk.reset();
        chunk.rowCount = part.length;
        chunk.setColumns([part.map(() => place), part.map((_, index) => from + index), part]);
        appender.appendDataChunk(chunk);
      }
    }
  }
  appender.closeSync();
  await insertRows(connection, 'clients', clients);
}
