/** What a fault does to its links. */
export type FaultKind = 'refuse' | 'reset-peer' | 'latency';

/** When a fault acted. All times are epoch milliseconds. */
export interface FaultWindow {
  /** Just before the injector was asked; before this instant the fault cannot have acted. */
  readonly applyingAt: number;
  /** When the injector had confirmed; from this instant it acts. */
  readonly appliedAt: number;
  /** Just before the injector was asked to heal. */
  readonly healingAt: number;
  /** When the injector had confirmed the heal. */
  readonly healedAt: number;
}

/** What the injector wrote down about one fault. */
export interface FaultRecord extends FaultWindow {
  readonly arm: string;
  /** Position in the experiment's timeline. */
  readonly index: number;
  readonly kind: FaultKind;
  readonly title: string;
  readonly links: readonly string[];
  readonly plannedAtMs: number;
  readonly plannedForMs: number;
  /** What went wrong with applying or healing, if anything. */
  readonly error?: string;
}
