import type { FaultRecord } from '../harness/model/fault.js';
import type { ArmLedger, ClientRecord } from '../harness/model/ledger.js';
import { percentile } from './percentile.js';

/** The width of a bucket: every count below is therefore also a rate per second. */
export const bucketMs = 1000;

/** How often one status came, bucket by bucket. Status 0 means that no response came. */
interface StatusCounts {
  readonly status: number;
  readonly counts: readonly number[];
}

/** When a fault acted, in milliseconds from the start of the load. */
export interface FaultBand {
  readonly title: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** What went wrong with applying or healing, if anything. */
  readonly error?: string;
}

/** What the clients of one arm saw over time, small enough to put into a page. */
export interface TimeSeries {
  /** Name of the arm, `<experiment>.<role>`. */
  readonly arm: string;
  /** Number of buckets; bucket `n` covers the second from `n` to `n + 1`. */
  readonly length: number;
  /** Ascending by status; those that answered come after the ones that did not (0). */
  readonly statuses: readonly StatusCounts[];
  /** Latency from the planned send time until the answer or its failure. Null where nothing was sent. */
  readonly p50Ms: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
  readonly faults: readonly FaultBand[];
}

/**
 * Condenses a ledger into one bucket a second, by the time at which the schedule wanted each request sent: a request
 * that waited for a stalled generator counts where it was due.
 */
export function timeSeries(ledger: ArmLedger): TimeSeries {
  const { arm, startedAt } = ledger;
  if (startedAt === undefined) return { arm, length: 0, statuses: [], p50Ms: [], p99Ms: [], faults: [] };

  const bucketOf = (record: ClientRecord) => Math.max(0, Math.floor((record.intendedAt - startedAt) / bucketMs));
  const length = ledger.client.reduce((most, record) => Math.max(most, bucketOf(record) + 1), 0);
  const latencies = Array.from({ length }, (): number[] => []);
  const counts = new Map<number, number[]>();
  for (const record of ledger.client) {
    const bucket = bucketOf(record);
    latencies[bucket]?.push(record.endedAt - record.intendedAt);
    const ofStatus = counts.get(record.status) ?? new Array<number>(length).fill(0);
    ofStatus[bucket] = (ofStatus[bucket] ?? 0) + 1;
    counts.set(record.status, ofStatus);
  }

  return {
    arm,
    length,
    statuses: [...counts].map(([status, each]) => ({ status, counts: each })).sort((a, b) => a.status - b.status),
    p50Ms: latencies.map((each) => percentile(each, 0.5)),
    p99Ms: latencies.map((each) => percentile(each, 0.99)),
    faults: ledger.faults.map((fault) => faultBand(fault, startedAt)),
  };
}

function faultBand(fault: FaultRecord, startedAt: number): FaultBand {
  return {
    title: fault.title,
    fromMs: fault.appliedAt - startedAt,
    untilMs: fault.healedAt - startedAt,
    ...(fault.error === undefined ? {} : { error: fault.error }),
  };
}
