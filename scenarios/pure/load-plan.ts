import type { Traffic } from '../../harness/model/traffic.js';

/** What a scenario is told about its load, as JSON in the file that `GAUNTLET_LOAD` names. */
export interface LoadPlan {
  readonly arm: string;
  /** `https://host:port`, without a path. */
  readonly baseUrl: string;
  /** Where host names lead, for k6's `hosts` option. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly traffic: Traffic;
  /** Name of the affinity cookie to record. */
  readonly affinityCookie: string;
  readonly seed: number;
  /** URL that answers 200 when the load may start. Until then the generator is ready and waits. */
  readonly gate: string;
}

/** How a scenario says on its log that every VU is there and only the gate is waited for. */
export const readyAnnouncement = 'gauntlet load is ready';

/** How a scenario announces, on its log, the instant from which its schedule counts (epoch milliseconds follow). */
export const startAnnouncement = 'gauntlet load starts at';
