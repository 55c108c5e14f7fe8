import type { ArmLedger, ClientRecord } from '../../model/ledger.js';
import { groupBy } from '../group-by.js';
import { succeeded } from '../window.js';

/** One client's requests in the order in which they were sent, and the instances that served the successful ones. */
export interface Session {
  readonly client: number;
  readonly requests: readonly ClientRecord[];
  /** Instances in order of first service, a return to an earlier one included: a session that never moves has one. */
  readonly path: readonly string[];
}

/** The sessions of an arm, one per client. */
export function sessions(ledger: ArmLedger): Session[] {
  return [...groupBy(ledger.client, (record) => record.client)].map(([client, unordered]) => {
    const requests = unordered.toSorted((a, b) => a.sentAt - b.sentAt);
    const path = requests
      .filter(succeeded)
      .map((request) => request.instance)
      .filter((instance, place, all) => instance !== all[place - 1]);
    return { client, requests, path };
  });
}
