import { attempts, enclosingScrapes } from '../../harness/checks/counters.js';
import type { FaultWindow } from '../../harness/model/fault-record.js';
import type { ArmLedger } from '../../harness/model/ledger.js';

/** A counter moves when the response ends; this is long enough for an attempt that began inside the window. */
const settleMs = 500;

/** Attempts at servers that Traefik counted as 502 during a fault, those included that a retry hid from the client. */
export async function failedAttempts(ledger: ArmLedger, window: FaultWindow): Promise<number> {
  const scrapes = enclosingScrapes(ledger, window.applyingAt, window.healedAt + settleMs);
  return scrapes === undefined ? 0 : attempts(scrapes.before, scrapes.after, '502');
}
