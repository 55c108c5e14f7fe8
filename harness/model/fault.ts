import type { ArmLedger } from './ledger.js';

/** Where a fault is put: one Toxiproxy hop, named by the arm it belongs to and the instance behind it. */
export interface Link {
  /** Name of the Toxiproxy proxy, `<arm>.<instance>`. */
  readonly name: string;
  readonly instance: string;
  /** The URL under which Traefik knows the instance; it leads through the proxy. */
  readonly url: string;
}

/** The injector as a fault sees it: the proxies of one arm. */
export interface Injector {
  setEnabled(link: Link, enabled: boolean): Promise<void>;
  addToxic(link: Link, toxic: Toxic): Promise<void>;
  removeToxic(link: Link, name: string): Promise<void>;
}

/** A Toxiproxy toxic with full toxicity. */
export interface Toxic {
  readonly name: string;
  readonly type: 'reset_peer' | 'latency';
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** The links of one arm, one per instance, in instance order. */
export type Links = readonly Link[];

/**
 * A fault on the links of one arm. It cannot be applied without being healed: the timeline that applies it holds its end.
 */
export interface Fault {
  readonly kind: 'refuse' | 'reset-peer' | 'latency';
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

/** A fault with its place in time, counted from the start of the load. */
export interface PlannedFault {
  readonly fault: Fault;
  readonly atMs: number;
  readonly forMs: number;
}

/** What the injector wrote down about one fault. */
export interface FaultRecord extends FaultWindow {
  readonly arm: string;
  /** Position in the experiment's timeline. */
  readonly index: number;
  readonly kind: Fault['kind'];
  readonly title: string;
  readonly links: readonly string[];
  readonly plannedAtMs: number;
  readonly plannedForMs: number;
  /** What went wrong with applying or healing, if anything. */
  readonly error?: string;
}
