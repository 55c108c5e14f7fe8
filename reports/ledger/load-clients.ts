import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { generatorSaturation } from '../../harness/model/generator-saturation.js';
import { runFiles } from '../../harness/model/recording.js';
import { type EvidenceFile, type EvidenceSource, loadSource } from './evidence-source.js';

const label = "the file of k6's records";
/** Enough for the first and the last line of a file of exchanges. */
const endBytes = 4_096;

const header = z.object({ format: z.literal('gauntlet-exchanges'), version: z.literal(1) });
const trailer = z.object({
  end: z.literal(true),
  records: z.number(),
  dropped: z.number(),
  droppedIterations: z.number(),
  busiestCpu: z.number().exactOptional(),
});

const needed = {
  requestId: 'VARCHAR',
  client: 'INTEGER',
  intendedAt: 'DOUBLE',
  sentAt: 'DOUBLE',
  endedAt: 'DOUBLE',
  status: 'INTEGER',
  errorCode: 'INTEGER',
  done: 'BOOLEAN',
};

const details = {
  protocol: 'VARCHAR',
  scenario: 'VARCHAR',
  firstByteAt: 'DOUBLE',
  firstTokenAt: 'DOUBLE',
  error: 'VARCHAR',
  bytes: 'BIGINT',
  instance: 'VARCHAR',
  retryAfter: 'VARCHAR',
  cookieSent: 'VARCHAR',
  tokens: 'INTEGER',
  finishReason: 'VARCHAR',
  gapsMs: 'DOUBLE[]',
  remote: 'VARCHAR',
};

/** Texts that are compared: empty where a record lacks them, so that no comparison becomes NULL. */
const texts = ['error', 'instance', 'retryAfter', 'cookieSent'];

const row = {
  ...Object.fromEntries([...Object.keys(needed), ...Object.keys(details)].map((name) => [name, name])),
  ...Object.fromEntries(texts.map((name) => [name, `coalesce(${name}, '')`])),
  arm: 'tag',
  firstByteAt: 'nullif(firstByteAt, 0)',
  firstTokenAt: 'nullif(firstTokenAt, 0)',
  cookieSet: 'cookieSet.value',
  cookieSecure: 'cookieSet.secure',
  cookieHttpOnly: 'cookieSet.httpOnly',
};

/** An arm's file and the lines around its records, undefined where they are not what they must be. */
interface Ends {
  readonly file: EvidenceFile;
  readonly head: object | undefined;
  readonly tail: z.infer<typeof trailer> | undefined;
}

/**
 * Reads what k6 recorded of the arms into the table `client`. A file without its last line was cut off; records that k6
 * could not write are gaps, and so is what it says of its own saturation: iterations that it dropped, busy processors.
 *
 * @returns the gaps of each arm
 */
export async function loadClients(
  connection: DuckDBConnection,
  folder: string,
  arms: readonly string[],
): Promise<Map<string, string[]>> {
  const ends = await Promise.all(
    arms.map((arm) => endsOf(arm, join(folder, runFiles.client(arm), runFiles.clientRecords))),
  );
  const source: EvidenceSource = {
    files: ends.map(({ file }) => file),
    table: 'client',
    key: 'requestId',
    columns: { ...needed, ...details, cookieSet: 'STRUCT(value VARCHAR, secure BOOLEAN, httpOnly BOOLEAN)' },
    needs: Object.keys(needed).map((name) => `${name} IS NOT NULL`),
    row,
    tagColumn: 'arm',
  };
  const loaded = await loadSource(connection, source);
  return new Map(
    loaded.map(({ file, rows, gaps }) => {
      const own = ends.find((each) => each.file === file);
      return [file.tag, [...gaps, ...(own === undefined || !existsSync(file.path) ? [] : wholenessGaps(rows, own))]];
    }),
  );
}

function wholenessGaps(rows: number, { head, tail }: Ends): string[] {
  if (head === undefined) return [`${label} has no first line`];
  if (tail === undefined) return [`${label} is cut off: its last line is missing`];
  return [
    ...(tail.records === rows ? [] : [`${label} is incomplete: ${rows} are there, ${tail.records} were written`]),
    ...(tail.dropped === 0 ? [] : [`k6 could not write ${tail.dropped} records`]),
    ...generatorSaturation({ droppedIterations: tail.droppedIterations, busiestCpu: tail.busiestCpu }),
  ];
}

/** Reads the first and the last line of an arm's file. */
async function endsOf(arm: string, path: string): Promise<Ends> {
  // A file that cannot be read has no ends; why, DuckDB tells when it tries.
  const [first, last] = await endLines(path).catch(() => ['', '']);
  const head = header.safeParse(parsed(first ?? '')).data;
  const tail = trailer.safeParse(parsed(last ?? '')).data;
  const frame = { first: head !== undefined, last: tail !== undefined };
  return { file: { path, label, tag: arm, frame }, head, tail };
}

async function endLines(path: string): Promise<[string, string]> {
  if (!existsSync(path)) return ['', ''];
  await using file = await open(path);
  const { size } = await file.stat();
  const length = Math.min(size, endBytes);
  const start = await file.read(Buffer.alloc(length), 0, length, 0);
  const end = await file.read(Buffer.alloc(length), 0, length, size - length);
  const lines = (buffer: Buffer): string[] => buffer.toString('utf8').trimEnd().split('\n');
  return [lines(start.buffer)[0] ?? '', lines(end.buffer).at(-1) ?? ''];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
