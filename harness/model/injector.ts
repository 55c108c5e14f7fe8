import type { Link } from './link.js';

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
