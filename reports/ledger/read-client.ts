import { z } from 'zod';
import type { ClientRecord } from '../../harness/model/ledger.js';
import { type Lines, readLines } from './read-lines.js';

/** Name of the k6 metric whose samples carry the client records. */
const exchangeMetric = 'gauntlet_exchange';

const sample = z.object({
  type: z.string(),
  metric: z.string(),
  data: z.looseObject({ value: z.number().optional(), metadata: z.record(z.string(), z.string()).optional() }),
});

const clientRecord = z.object({
  requestId: z.string(),
  client: z.number(),
  intendedAt: z.number(),
  sentAt: z.number(),
  endedAt: z.number(),
  status: z.number(),
  errorCode: z.number(),
  error: z.string(),
  instance: z.string(),
  retryAfter: z.string(),
  cookieSent: z.string(),
  cookieSet: z.object({ value: z.string(), secure: z.boolean(), httpOnly: z.boolean() }).optional(),
  bytes: z.number(),
});

/** Reads client records out of k6's JSON output. Iterations that k6 dropped are a gap. */
export async function readClient(path: string): Promise<Lines<ClientRecord>> {
  let dropped = 0;
  const lines = await readLines(path, "k6's output", sample, ({ type, metric, data }) => {
    if (type !== 'Point') return undefined;
    if (metric === 'dropped_iterations') dropped += data.value ?? 0;
    if (metric !== exchangeMetric) return undefined;
    return clientRecord.parse(JSON.parse(data.metadata?.[exchangeMetric] ?? '')) as ClientRecord;
  });
  return dropped === 0 ? lines : { rows: lines.rows, gaps: [...lines.gaps, `k6 dropped ${dropped} iterations`] };
}
