import type { FaultRecord } from '../harness/model/fault-record.js';
import type { ArmLedger } from '../harness/model/ledger.js';

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
export async function timeSeries(ledger: ArmLedger): Promise<TimeSeries> {
  const { arm, startedAt } = ledger;
  if (startedAt === undefined) return { arm, length: 0, statuses: [], p50Ms: [], p99Ms: [], faults: [] };

  const due = `SELECT greatest(0, floor((intendedAt - $startedAt) / ${bucketMs}))::INTEGER AS bucket, status,
    endedAt - intendedAt AS latencyMs FROM client`;
  const latencies = await ledger.query<{ bucket: number; p50: number; p99: number }>(
    `SELECT bucket, quantile_disc(latencyMs, 0.5) AS p50, quantile_disc(latencyMs, 0.99) AS p99
     FROM (${due}) GROUP BY bucket`,
    { startedAt },
  );
  const counts = await ledger.query<{ status: number; bucket: number; requests: number }>(
    `SELECT status, bucket, count(*) AS requests FROM (${due}) GROUP BY status, bucket`,
    { startedAt },
  );
  const length = latencies.reduce((most, { bucket }) => Math.max(most, bucket + 1), 0);
  const p50Ms = new Array<number | null>(length).fill(null);
  const p99Ms = new Array<number | null>(length).fill(null);
  for (const { bucket, p50, p99 } of latencies) {
    p50Ms[bucket] = p50;
    p99Ms[bucket] = p99;
  }
  const statuses = [...new Set(counts.map(({ status }) => status))].sort((a, b) => a - b);
  return {
    arm,
    length,
    statuses: statuses.map((status) => {
      const ofStatus = new Array<number>(length).fill(0);
      for (const each of counts) if (each.status === status) ofStatus[each.bucket] = each.requests;
      return { status, counts: ofStatus };
    }),
    p50Ms,
    p99Ms,
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
