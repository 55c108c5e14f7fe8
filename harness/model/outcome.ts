/**
 * What a check, an experiment or a run came to.
 *
 * `inconclusive` means the evidence cannot decide: the fault did not bite, the generator fell behind, a record is
 * missing. It is never rounded to `pass`. `skipped` means it was not tried, and says why.
 */
export type Outcome = 'pass' | 'fail' | 'inconclusive' | 'skipped';

const rank: Record<Outcome, number> = { skipped: 0, pass: 1, inconclusive: 2, fail: 3 };

/**
 * The outcome of a whole from the outcomes of its parts: fail outranks inconclusive, which outranks pass.
 * A whole without parts proved nothing and is `inconclusive`.
 */
export function worstOutcome(parts: readonly Outcome[]): Outcome {
  return (
    parts.reduce<Outcome | undefined>(
      (worst, part) => (worst === undefined || rank[part] > rank[worst] ? part : worst),
      undefined,
    ) ?? 'inconclusive'
  );
}
