import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, INTEGER } from '@duckdb/node-api';
import type { RecordedArm } from '../../harness/model/recording.js';
import type { PlannedArrival } from '../../harness/model/traffic.js';
import { insertRows } from './insert-rows.js';

/** As many rows as DuckDB takes in one chunk. */
const chunkRows = 2_048;

/**
 * Fills the table `planned` with the arrivals that the schedules asked for. Numbers go in by columns and whole chunks,
 * and DuckDB makes the request ids `<arm>.<client>.<number>` of them: texts one by one would take longer than reading
 * what became of the requests.
 */
export async function appendPlanned(
  connection: DuckDBConnection,
  arms: readonly RecordedArm[],
  planned: (arm: RecordedArm) => Iterable<PlannedArrival>,
): Promise<void> {
  await connection.run(`
    CREATE TEMP TABLE groups (place INTEGER, arm VARCHAR, clientGroup VARCHAR, startedAt DOUBLE);
    CREATE TEMP TABLE arriving (place INTEGER, client INTEGER, number INTEGER, atMs DOUBLE)`);
  const groups: { place: number; arm: string; clientGroup: string; startedAt: number | undefined }[] = [];
  const appender = await connection.createAppender('arriving', 'main', 'temp');
  const chunk = DuckDBDataChunk.create([INTEGER, INTEGER, INTEGER, DOUBLE]);
  const columns: [number[], number[], number[], number[]] = [[], [], [], []];
  const append = (): void => {
    chunk.reset();
    chunk.rowCount = columns[0].length;
    chunk.setColumns(columns);
    appender.appendDataChunk(chunk);
    for (const column of columns) column.length = 0;
  };
  for (const arm of arms) {
    const ofArm = groups.length;
    for (const { requestId, client, group, atMs } of planned(arm)) {
      let place = groups.findIndex((each, index) => index >= ofArm && each.clientGroup === group);
      if (place < 0) {
        place = groups.push({ place: groups.length, arm: arm.name, clientGroup: group, startedAt: arm.startedAt }) - 1;
      }
      columns[0].push(place);
      columns[1].push(client);
      columns[2].push(Number(requestId.slice(requestId.lastIndexOf('.') + 1)));
      columns[3].push(atMs);
      if (columns[0].length === chunkRows) append();
    }
  }
  if (columns[0].length > 0) append();
  appender.closeSync();
  await insertRows(connection, 'temp.groups', groups);
  await connection.run(`
    INSERT INTO planned
    SELECT arm, arm || '.' || client || '.' || number, client, clientGroup, startedAt + atMs
    FROM temp.arriving JOIN temp.groups USING (place);
    DROP TABLE temp.arriving; DROP TABLE temp.groups`);
}
