import type { FaultKind, FaultWindow } from './fault-record.js';
import type { Injector } from './injector.js';
import type { ArmLedger } from './ledger.js';
import type { Links } from './link.js';

/**
 * A fault on the links of one arm. It cannot be applied without being healed: the timeline that applies it holds its end.
 */
export interface Fault {
  readonly kind: FaultKind;
  /** What a person reads, for example `llm-2 refuses connections`. */
  readonly title: string;
  /** Indexes of the instances whose links it sits on, from 0. */
  readonly instances: readonly number[];
  apply(injector: Injector, links: Links): Promise<void>;
  heal(injector: Injector, links: Links): Promise<void>;
  /**
   * How much recorded traffic this fault changed during `window`: connections or requests, read from what gateway and
   * service recorded, never from the injector's own word. 0 means that it did not bite.
   */
  touched(ledger: ArmLedger, window: FaultWindow): Promise<number>;
}

/** A fault with its place in time, counted from the start of the load. */
export interface PlannedFault {
  readonly fault: Fault;
  readonly atMs: number;
  readonly forMs: number;
}
