import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ServiceRecord } from '../../harness/model/ledger.js';
import { type Lines, readLines } from './read-lines.js';

const journalLine = z.looseObject({
  requestId: z.string(),
  instance: z.string(),
  method: z.string(),
  path: z.string(),
  arrivedAt: z.number(),
  finishedAt: z.number(),
  status: z.number(),
  completed: z.boolean(),
});

/** Reads the arrival journals of all instances, in order of arrival. */
export async function readJournals(folder: string): Promise<Lines<ServiceRecord>> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return { rows: [], gaps: ['there is no journal of the service'] };
  const journals = await Promise.all(
    names.toSorted().map((name) => readLines(join(folder, name), `the journal ${name}`, journalLine, (line) => line)),
  );
  return {
    rows: journals.flatMap((journal) => journal.rows).toSorted((a, b) => a.arrivedAt - b.arrivedAt),
    gaps: journals.flatMap((journal) => journal.gaps),
  };
}
