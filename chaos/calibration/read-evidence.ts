import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Exchange, KnownAnswer } from './exchange.js';

const exchange = z.object({
  requestId: z.string(),
  intendedAt: z.number(),
  sentAt: z.number(),
  firstTokenAt: z.number(),
  endedAt: z.number(),
  gapsMs: z.array(z.number()).default([]),
  done: z.boolean(),
});

const trailer = z.object({
  end: z.literal(true),
  records: z.int(),
  dropped: z.int(),
  droppedIterations: z.int(),
  busiestCpu: z.number().exactOptional(),
  busiestMachine: z.number().exactOptional(),
});

const answer = z.object({
  requestId: z.string(),
  protocol: z.enum(['http', 'sse', 'websocket']),
  ttftMs: z.number(),
  gapMs: z.number(),
  receivedAt: z.number(),
  sentAt: z.array(z.number()),
  completed: z.boolean(),
});

/** What k6 wrote about a load. */
export interface GeneratorEvidence {
  readonly exchanges: readonly Exchange[];
  /** Iterations that k6 left out. */
  readonly droppedIterations: number;
  /** Share of the processors that k6 kept busy in its busiest second; undefined where it could not be told. */
  readonly busiestCpu: number | undefined;
  /** Share that the whole machine kept busy in its busiest second. */
  readonly busiestMachine: number | undefined;
  /** What is wrong with the file, a sentence each. */
  readonly problems: readonly string[];
}

/** Reads the exchanges that our k6 recorded: a header, a line for each exchange, and a trailer that counts them. */
export async function readGeneratorEvidence(file: string): Promise<GeneratorEvidence> {
  const [, ...lines] = await jsonLines(file);
  const end = trailer.safeParse(lines.at(-1));
  const records = end.success ? lines.slice(0, -1) : lines;
  const exchanges = records.flatMap((line) => exchange.safeParse(line).data ?? []);
  const malformed = records.length - exchanges.length;
  const counted = end.data?.records ?? exchanges.length;
  return {
    exchanges,
    droppedIterations: end.data?.droppedIterations ?? 0,
    busiestCpu: end.data?.busiestCpu,
    busiestMachine: end.data?.busiestMachine,
    problems: [
      ...(malformed > 0 ? [`${malformed} lines of k6's record are malformed`] : []),
      ...(end.success ? [] : ["k6's record has no end"]),
      ...(counted === exchanges.length ? [] : [`k6 recorded ${counted} exchanges, ${exchanges.length} are there`]),
      ...((end.data?.dropped ?? 0) > 0 ? [`k6 could not write ${end.data?.dropped} records`] : []),
    ],
  };
}

/** Reads the known-delay server's journal. A line that is cut off is left out, and its exchange shows as unknown. */
export async function readKnownAnswers(file: string): Promise<ReadonlyMap<string, KnownAnswer>> {
  const answers = (await jsonLines(file)).flatMap((line) => answer.safeParse(line).data ?? []);
  return new Map(answers.map((each) => [each.requestId, each]));
}

/** The lines of a file, undefined for each that is no JSON; none when there is no file. */
async function jsonLines(file: string): Promise<unknown[]> {
  const lines: unknown[] = [];
  if (!existsSync(file)) return lines;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    try {
      lines.push(JSON.parse(line));
    } catch {
      lines.push(undefined);
    }
  }
  return lines;
}
