/**
 * The smallest value that at least `share` of all values do not exceed (nearest rank): always a value that was measured.
 *
 * @param share from 0 to 1
 * @returns null when there are no values
 */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
