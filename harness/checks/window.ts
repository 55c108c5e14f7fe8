import type { FaultRecord } from '../model/fault.js';
import type { ArmLedger, ClientRecord } from '../model/ledger.js';

/** The record of the fault at a position of the experiment's timeline, if it was recorded. */
export function faultAt(ledger: ArmLedger, index: number): FaultRecord | undefined {
  return ledger.faults.find((fault) => fault.index === index);
}

/** Requests that can have met a fault: in flight at some time between the first ask and the confirmed heal. */
export function possiblyDuring(ledger: ArmLedger, fault: FaultRecord): ClientRecord[] {
  return ledger.client.filter((record) => record.endedAt >= fault.applyingAt && record.sentAt <= fault.healedAt);
}

/** Requests that must have met a fault: sent and answered while it was confirmed to act. */
export function surelyDuring(ledger: ArmLedger, fault: FaultRecord): ClientRecord[] {
  return ledger.client.filter((record) => record.sentAt >= fault.appliedAt && record.endedAt <= fault.healingAt);
}

/** Whether a client got what it asked for, and got it whole. */
export function succeeded(record: ClientRecord): boolean {
  return record.status >= 200 && record.status < 300 && record.errorCode === 0;
}
