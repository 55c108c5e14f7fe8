import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type RecordedArm, type Recording, runFiles } from '../../harness/model/recording.js';
import type { ClientSchedule } from '../../harness/model/traffic.js';
import { appendPlanned } from './append-planned.js';
import { armViews } from './arm-views.js';
import { loadSource } from './evidence-source.js';
import { gatewayScrapes, injectorRecord } from './evidence-sources.js';
import { insertRows } from './insert-rows.js';
import { loadAccessLog } from './load-access-log.js';
import { loadClients } from './load-clients.js';
import { loadGaps } from './load-gaps.js';
import { loadJournals } from './load-journals.js';
import { tables } from './tables.js';

/**
 * Fills an empty database with what the evidence files of a run say. What is missing or damaged becomes a gap of every
 * arm that it concerns; nothing is thrown for it.
 *
 * @param connect gives a connection that uses the database
 * @param scheduled what an arm's clients were to send
 */
export async function buildLedger(
  connect: () => Promise<DuckDBConnection>,
  folder: string,
  recording: Recording,
  scheduled: (arm: RecordedArm) => Iterable<ClientSchedule>,
): Promise<void> {
  const { arms } = recording;
  const connection = await connect();
  const names = arms.map((arm) => arm.name);
  const journals = (await readdir(join(folder, runFiles.journals)).catch(() => [])).toSorted();
  await connection.run(tables(names, journals));
  await insertRows(
    connection,
    'arms',
    arms.map(({ name, experiment, role, startedAt }) => ({ arm: name, experiment, role, startedAt })),
  );
  // DuckDB reads files on threads of its own, so this one can work out the schedules meanwhile.
  const [shared] = await Promise.all([
    loadShared(connection, folder, journals),
    connect().then((another) => appendPlanned(another, arms, scheduled)),
  ]);
  const clients = await loadClients(connection, folder, names);
  for (const arm of arms) {
    const gaps = [...shared, ...(clients.get(arm.name) ?? []), ...loadGaps(arm)];
    await insertRows(
      connection,
      'gaps',
      gaps.map((gap) => ({ arm: arm.name, gap })),
    );
    await connection.run(armViews(arm.name));
  }
}

/** Reads the files that all arms share. */
async function loadShared(
  connection: DuckDBConnection,
  folder: string,
  journals: readonly string[],
): Promise<string[]> {
  const gaps = await loadAccessLog(connection, folder);
  for (const source of [gatewayScrapes(folder), injectorRecord(folder)]) {
    for (const loaded of await loadSource(connection, source)) gaps.push(...loaded.gaps);
  }
  return [...gaps, ...(await loadJournals(connection, join(folder, runFiles.journals), journals))];
}
