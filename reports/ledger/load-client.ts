import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { runFiles } from '../../harness/model/recording.js';
import { loadSource } from './evidence-source.js';
import { exchanges } from './evidence-sources.js';

/** Enough for the first and the last line of a file of exchanges. */
const endBytes = 4_096;

const header = z.object({ format: z.literal('gauntlet-exchanges'), version: z.literal(1) });
const trailer = z.object({
  end: z.literal(true),
  records: z.number(),
  dropped: z.number(),
  droppedIterations: z.number(),
});

/**
 * Reads what k6 recorded of an arm into the table `client`. A file without its last line was cut off; records that k6
 * could not write and iterations that it dropped are gaps, too.
 */
export async function loadClient(connection: DuckDBConnection, folder: string, arm: string): Promise<string[]> {
  const path = join(folder, runFiles.client(arm), runFiles.clientRecords);
  if (!existsSync(path)) return loadSource(connection, exchanges(folder, arm, { first: false, last: false }));
  const { first, last } = await endsOf(path);
  const head = header.safeParse(first);
  const tail = trailer.safeParse(last);
  const source = exchanges(folder, arm, { first: head.success, last: tail.success });
  const gaps = await loadSource(connection, source);
  const { label } = source;
  if (!head.success) return [...gaps, `${label} has no first line`];
  if (!tail.success) return [...gaps, `${label} is cut off: its last line is missing`];
  const { records, dropped, droppedIterations } = tail.data;
  const counted = await connection.run('SELECT count(*)::INTEGER FROM client WHERE arm = $arm', { arm });
  const held = Number((await counted.getRows())[0]?.[0]);
  if (held !== records) gaps.push(`${label} is incomplete: ${held} are there, ${records} were written`);
  if (dropped > 0) gaps.push(`k6 could not write ${dropped} records`);
  if (droppedIterations > 0) gaps.push(`k6 dropped ${droppedIterations} iterations`);
  return gaps;
}

/** The first and the last line of a file, parsed; undefined for a line that is no JSON. */
async function endsOf(path: string): Promise<{ first: unknown; last: unknown }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, endBytes);
    const start = await file.read(Buffer.alloc(length), 0, length, 0);
    const end = await file.read(Buffer.alloc(length), 0, length, size - length);
    const lines = (buffer: Buffer): string[] => buffer.toString('utf8').trimEnd().split('\n');
    return { first: parsed(lines(start.buffer)[0]), last: parsed(lines(end.buffer).at(-1)) };
  } finally {
    await file.close();
  }
}

function parsed(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
}
