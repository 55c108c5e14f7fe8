/** The quantile of durations, as it is. */
export function trueQuantile(durations: readonly number[], share: number): number {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

/**
 * The quantile of durations as `histogram_quantile` of Prometheus tells it from buckets: interpolated within the bucket
 * in which it lies, and the last finite bound for whatever lies beyond that.
 *
 * @param bounds upper bounds of the buckets in rising order, without the infinite one
 */
export function toldQuantile(durations: readonly number[], bounds: readonly number[], share: number): number {
  const rank = share * durations.length;
  let below = 0;
  for (const [index, bound] of bounds.entries()) {
    const upTo = durations.filter((each) => each <= bound).length;
    if (upTo >= rank) {
      const lower = index === 0 ? 0 : (bounds[index - 1] ?? 0);
      return lower + ((bound - lower) * (rank - below)) / (upTo - below);
    }
    below = upTo;
  }
  return bounds.at(-1) ?? Number.NaN;
}
