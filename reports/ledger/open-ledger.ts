import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { FaultRecord } from '../../harness/model/fault-record.js';
import type { ArmLedger, GatewayScrape } from '../../harness/model/ledger.js';
import { type RecordedArm, type Recording, runFiles } from '../../harness/model/recording.js';
import type { ClientSchedule } from '../../harness/model/traffic.js';
import { ArmQueries } from './arm-queries.js';
import { buildLedger } from './build-ledger.js';

/** How the database names itself, whatever its file is called. */
const catalog = 'ledger';
/** What DuckDB may keep in memory, in MB; it spills the rest to disk. More evidence is worth more, up to a bound. */
const memoryMb = { least: 180, most: 900 };
/** Ways of compressing that cost more time than they are worth: with them a million requests take 71 MB instead of 141. */
const slowCompression = 'alp,alprd,dict_fsst,fsst';
/** With less evidence than this, more memory would make nothing faster. */
const smallEvidenceMb = 2_500;

/** The ledger of a run. It holds the database open until it is disposed of. */
export interface Ledger extends AsyncDisposable {
  readonly arms: readonly ArmLedger[];
  /** @throws RangeError when the run has no arm of this name */
  arm(name: string): ArmLedger;
}

/**
 * Builds the ledger of a run from its evidence files and opens it. The database stays in the run's folder for people and
 * other programs; it appears there whole or not at all.
 *
 * @param scheduled what an arm's clients were to send
 */
export async function openLedger(
  folder: string,
  recording: Recording,
  scheduled: (arm: RecordedArm) => Iterable<ClientSchedule>,
): Promise<Ledger> {
  const path = join(folder, runFiles.ledger);
  const building = `${path}.${process.pid}`;
  await rm(building, { force: true });
  const limitMb = (await evidenceMb(folder)) <= smallEvidenceMb ? memoryMb.least : memoryMb.most;
  const builder = await openDatabase(building, 'READ_WRITE', limitMb);
  try {
    const connect = async (): Promise<DuckDBConnection> => {
      const connection = await builder.connect();
      await connection.run(
        `SET preserve_insertion_order = false; SET disabled_compression_methods = '${slowCompression}'; USE ${catalog}`,
      );
      return connection;
    };
    await buildLedger(connect, folder, recording, scheduled);
    await (await builder.connect()).run(`DETACH ${catalog}`);
    builder.closeSync();
    await rename(building, path);
  } finally {
    await rm(building, { force: true });
  }
  const reader = await openDatabase(path, 'READ_ONLY', limitMb);
  const arms: ArmLedger[] = [];
  for (const arm of recording.arms) arms.push(await armLedger(reader, arm));
  return {
    arms,
    arm(name) {
      const found = arms.find((each) => each.arm === name);
      if (found === undefined) throw new RangeError(`the run has no arm ${name}`);
      return found;
    },
    [Symbol.asyncDispose]: async () => reader.closeSync(),
  };
}

async function openDatabase(path: string, mode: 'READ_WRITE' | 'READ_ONLY', limitMb: number): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${limitMb}MB`,
    temp_directory: `${path}.tmp`,
  });
  const connection = await instance.connect();
  await connection.run(`ATTACH '${path.replaceAll("'", "''")}' AS ${catalog} (${mode})`);
  connection.closeSync();
  return instance;
}

async function evidenceMb(folder: string): Promise<number> {
  const evidence = join(folder, runFiles.evidence);
  const names = await readdir(evidence, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(evidence, name)).catch(() => undefined)));
  return sizes.reduce((sum, found) => sum + (found?.size ?? 0), 0) / 1e6;
}

async function armLedger(instance: DuckDBInstance, recorded: RecordedArm): Promise<ArmLedger> {
  const { name, policy, links, startedAt } = recorded;
  const queries = new ArmQueries(instance, catalog, name);
  const faults = await queries.query<FaultRecord & { error: string | null }>(
    'FROM faults ORDER BY "index", applyingAt',
  );
  const scrapes = await queries.query<GatewayScrape & { configReloads: number | null }>('FROM scrapes ORDER BY "at"');
  const gaps = await queries.query<{ gap: string }>('FROM gaps');
  return {
    arm: name,
    policy,
    links,
    startedAt,
    faults: faults.map(({ error, ...fault }) => ({ ...fault, arm: name, ...(error !== null && { error }) })),
    scrapes: scrapes.map((scrape) => ({ ...scrape, configReloads: scrape.configReloads ?? Number.NaN })),
    gaps: gaps.map((each) => each.gap),
    query: (sql, values) => queries.query(sql, values),
    stream: (sql, values) => queries.stream(sql, values),
  };
}
