import type { ArmLedger } from './ledger.js';
import type { Outcome } from './outcome.js';

/**
 * `conformance`: does Traefik do what its configuration says? The oracle predicts, the ledger shows.
 * `guarantee`: does the configuration give what its author meant? A number that an operator relies on.
 */
export type VerdictKind = 'conformance' | 'guarantee';

/** What a check found in the evidence. `expected` and `measured` are short texts with numbers and units. */
export interface Finding {
  readonly outcome: Outcome;
  readonly expected: string;
  readonly measured: string;
  /** What a person should look at: files of the run's folder, request ids, instants. */
  readonly evidence: readonly string[];
}

/** One claim and the function that judges it, from the ledger alone. A check that throws is `inconclusive`. */
export interface Check {
  readonly id: string;
  readonly kind: VerdictKind;
  /** The configured policy that the claim is about, for example `retry`. */
  readonly policy: string;
  readonly claim: string;
  judge(ledger: ArmLedger): Promise<Finding>;
}

/** A check's finding about one arm, with its claim. */
export interface Verdict extends Finding {
  readonly check: string;
  readonly kind: VerdictKind;
  readonly policy: string;
  readonly claim: string;
}
