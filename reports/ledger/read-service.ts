import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ServiceRecord } from '../../harness/model/ledger.js';
import { type Lines, readLines } from './read-lines.js';

const arrivedLine = z.looseObject({
  event: z.literal('arrived'),
  n: z.number(),
  requestId: z.string(),
  instance: z.string(),
  method: z.string(),
  path: z.string(),
  arrivedAt: z.number(),
});

const finishedLine = z.looseObject({
  event: z.literal('finished'),
  n: z.number(),
  finishedAt: z.number(),
  status: z.number(),
  completed: z.boolean(),
});

const journalLine = z.discriminatedUnion('event', [arrivedLine, finishedLine]);

/** Reads the arrival journals of all instances, in order of arrival. */
export async function readJournals(folder: string): Promise<Lines<ServiceRecord>> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return { rows: [], gaps: ['there is no journal of the service'] };
  const journals = await Promise.all(names.toSorted().map((name) => readJournal(folder, name)));
  return {
    rows: journals.flatMap((journal) => journal.rows).toSorted((a, b) => a.arrivedAt - b.arrivedAt),
    gaps: journals.flatMap((journal) => journal.gaps),
  };
}

/** Joins the two lines of each request by their number, which is unique within a journal. */
async function readJournal(folder: string, name: string): Promise<Lines<ServiceRecord>> {
  const label = `the journal ${name}`;
  const { rows, gaps } = await readLines(join(folder, name), label, journalLine, (line) => line);
  const records = new Map<number, ServiceRecord>();
  let strays = 0;
  for (const line of rows) {
    const arrived = records.get(line.n);
    if (line.event === 'arrived') {
      const { event, n, ...arrival } = line;
      records.set(n, { ...arrival, finishedAt: undefined, status: 0, completed: false });
    } else if (arrived === undefined) {
      strays += 1;
    } else {
      const { finishedAt, status, completed } = line;
      records.set(line.n, { ...arrived, finishedAt, status, completed });
    }
  }
  const stray = strays === 0 ? [] : [`${label} has ${strays} requests that finished and never arrived`];
  return { rows: [...records.values()], gaps: [...gaps, ...stray] };
}
