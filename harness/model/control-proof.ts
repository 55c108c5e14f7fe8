import type { Outcome } from './outcome.js';
import type { ExperimentResult } from './run.js';

/**
 * What a negative control proves. It is there to fail: a control that failed is a proof that holds, one that passed
 * shows that the check cannot tell, and then nothing is decided.
 */
export function controlProof({ outcome }: ExperimentResult['negativeControl']): Outcome {
  if (outcome === 'fail') return 'pass';
  return outcome === 'pass' ? 'inconclusive' : outcome;
}
