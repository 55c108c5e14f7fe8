/** Milliseconds below which all durations count as one, and the growth from one bucket to the next. */
const SMALLEST_MS = 0.05;
const GROWTH = 1.05;
const LOG_GROWTH = Math.log(GROWTH);
/** Reaches 10 minutes. */
const BUCKETS = Math.ceil(Math.log(600_000 / SMALLEST_MS) / LOG_GROWTH) + 1;

/** Figures of the durations within a window. */
export interface Distribution {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * The distribution of the durations of the last minute, in slices that are forgotten one by one. Quantiles come from
 * buckets that grow by 5 %, so they are within 2.5 % of the true ones; recording costs one logarithm and no memory.
 */
export class RollingDistribution {
  readonly #slices: Slice[];
  readonly #sliceMs: number;
  readonly #now: () => number;

  /** `now` is in milliseconds. */
  constructor({ windowMs = 60_000, slices = 12, now = () => performance.now() } = {}) {
    this.#sliceMs = windowMs / slices;
    this.#now = now;
    this.#slices = Array.from({ length: slices }, () => new Slice());
  }

  record(ms: number): void {
    this.#slice().record(ms);
  }

  /** Zeros where nothing was recorded. */
  read(): Distribution {
    const oldest = this.#period() - this.#slices.length;
    const recent = this.#slices.filter((slice) => slice.period > oldest);
    const counts = new Float64Array(BUCKETS);
    let count = 0;
    let maxMs = 0;
    for (const slice of recent) {
      count += slice.count;
      maxMs = Math.max(maxMs, slice.maxMs);
      for (let index = 0; index < BUCKETS; index += 1)
        counts[index] = (counts[index] ?? 0) + (slice.counts[index] ?? 0);
    }
    const quantile = (share: number): number => Math.min(maxMs, round(quantileOf(counts, count, share)));
    return { count, p50Ms: quantile(0.5), p95Ms: quantile(0.95), p99Ms: quantile(0.99), maxMs: round(maxMs) };
  }

  #period(): number {
    return Math.floor(this.#now() / this.#sliceMs);
  }

  #slice(): Slice {
    const period = this.#period();
    const slice = this.#slices[period % this.#slices.length] as Slice;
    if (slice.period !== period) slice.clear(period);
    return slice;
  }
}

class Slice {
  readonly counts = new Uint32Array(BUCKETS);
  period = Number.NEGATIVE_INFINITY;
  count = 0;
  maxMs = 0;

  clear(period: number): void {
    this.period = period;
    this.count = 0;
    this.maxMs = 0;
    this.counts.fill(0);
  }

  record(ms: number): void {
    const bucket = ms <= SMALLEST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / SMALLEST_MS) / LOG_GROWTH));
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.count += 1;
    if (ms > this.maxMs) this.maxMs = ms;
  }
}

/** The middle of the bucket in which the quantile lies. */
function quantileOf(counts: Float64Array, count: number, share: number): number {
  const rank = Math.max(1, Math.ceil(share * count));
  let seen = 0;
  for (const [index, inBucket] of counts.entries()) {
    seen += inBucket;
    if (inBucket > 0 && seen >= rank) return index === 0 ? SMALLEST_MS : SMALLEST_MS * GROWTH ** (index - 0.5);
  }
  return 0;
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
