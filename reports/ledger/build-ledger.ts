import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type RecordedArm, type Recording, runFiles } from '../../harness/model/recording.js';
import type { PlannedArrival } from '../../harness/model/traffic.js';
import { appendPlanned } from './append-planned.js';
import { armViews } from './arm-views.js';
import { loadSource } from './evidence-source.js';
import { accessLog, gatewayScrapes, injectorRecord } from './evidence-sources.js';
import { insertRows } from './insert-rows.js';
import { loadClient } from './load-client.js';
import { loadGaps } from './load-gaps.js';
import { loadJournal } from './load-journal.js';
import { tables } from './tables.js';

/**
 * Fills an empty database with what the evidence files of a run say. What is missing or damaged becomes a gap of every
 * arm that it concerns; nothing is thrown for it.
 *
 * @param catalog name of the database, which the connection uses
 * @param planned the arrivals that an arm's schedule asked for
 */
export async function buildLedger(
  connection: DuckDBConnection,
  catalog: string,
  folder: string,
  recording: Recording,
  planned: (arm: RecordedArm) => Iterable<PlannedArrival>,
): Promise<void> {
  await connection.run(tables);
  const shared = [
    ...(await loadSource(connection, accessLog(folder))),
    ...(await loadSource(connection, gatewayScrapes(folder))),
    ...(await loadJournals(connection, folder)),
    ...(await loadSource(connection, injectorRecord(folder))),
  ];
  for (const arm of recording.arms) {
    const { name, experiment, role, startedAt } = arm;
    await insertRows(connection, 'arms', [{ arm: name, experiment, role, startedAt }]);
    await appendPlanned(connection, name, startedAt, planned(arm));
    const gaps = [...shared, ...(await loadClient(connection, folder, name)), ...loadGaps(arm)];
    await insertRows(
      connection,
      'gaps',
      gaps.map((gap) => ({ arm: name, gap })),
    );
    await connection.run(armViews(catalog, name));
  }
}

/** Reads the arrival journals of all instances. */
async function loadJournals(connection: DuckDBConnection, folder: string): Promise<string[]> {
  const journals = join(folder, runFiles.journals);
  const names = await readdir(journals).catch(() => []);
  if (names.length === 0) return ['there is no journal of the service'];
  const gaps: string[] = [];
  for (const name of names.toSorted()) {
    gaps.push(...(await loadJournal(connection, join(journals, name))));
  }
  return gaps;
}
