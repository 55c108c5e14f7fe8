import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { ClientRecord } from '../../harness/model/ledger.js';
import { type Lines, readLines } from './read-lines.js';

const label = "the file of k6's records";

const header = z.object({ format: z.literal('gauntlet-exchanges'), version: z.literal(1), startedAt: z.number() });

const trailer = z.object({
  end: z.literal(true),
  records: z.number(),
  dropped: z.number(),
  droppedIterations: z.number(),
});

const record = z.object({
  requestId: z.string(),
  protocol: z.enum(['http', 'sse', 'websocket']),
  scenario: z.string(),
  client: z.number(),
  intendedAt: z.number(),
  sentAt: z.number(),
  firstByteAt: z.number(),
  firstTokenAt: z.number(),
  endedAt: z.number(),
  status: z.number(),
  errorCode: z.number(),
  error: z.string(),
  bytes: z.number(),
  instance: z.string(),
  retryAfter: z.string(),
  cookieSent: z.string(),
  cookieSet: z.object({ value: z.string(), secure: z.boolean(), httpOnly: z.boolean() }).optional(),
  tokens: z.number(),
  finishReason: z.string(),
  done: z.boolean(),
  gapsMs: z.array(z.number()).optional(),
  remote: z.string(),
});

/**
 * Reads the records of k6's exchanges. A file without its last line was cut off; records that k6 could not write and
 * iterations that it dropped are gaps, too.
 */
export async function readClient(path: string): Promise<Lines<ClientRecord>> {
  let began = false;
  let end: z.infer<typeof trailer> | undefined;
  const lines = await readLines(path, label, z.union([record, trailer, header]), (line) => {
    if ('format' in line) began = true;
    else if ('end' in line) end = line;
    else return line as ClientRecord;
    return undefined;
  });
  if (!existsSync(path)) return lines;
  return { rows: lines.rows, gaps: [...lines.gaps, ...wholenessGaps(lines.rows.length, began, end)] };
}

function wholenessGaps(rows: number, began: boolean, end: z.infer<typeof trailer> | undefined): string[] {
  if (!began) return [`${label} has no first line`];
  if (end === undefined) return [`${label} is cut off: its last line is missing`];
  return [
    ...(end.records === rows ? [] : [`${label} is incomplete: ${rows} are there, ${end.records} were written`]),
    ...(end.dropped === 0 ? [] : [`k6 could not write ${end.dropped} records`]),
    ...(end.droppedIterations === 0 ? [] : [`k6 dropped ${end.droppedIterations} iterations`]),
  ];
}
