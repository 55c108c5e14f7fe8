import type { ArmLedger } from '../../model/ledger.js';

/** How much of a session's way is kept: enough to show that it strays. */
const longestWay = 6;

/** The instances that served one client, one session a client. */
export interface Session {
  readonly client: number;
  /** How often it was served by another instance than the time before, the first one included. */
  readonly stays: number;
  /** The first instances in order of service, a return to an earlier one included. */
  readonly path: readonly string[];
  /** When each of them first answered it, epoch milliseconds. */
  readonly servedAt: readonly number[];
}

const known = new WeakMap<ArmLedger, Promise<readonly Session[]>>();

/** The sessions of an arm, which several checks ask for. One that was never served has an empty path. */
export function sessions(ledger: ArmLedger): Promise<readonly Session[]> {
  const found = known.get(ledger) ?? sessionsOf(ledger);
  known.set(ledger, found);
  return found;
}

function sessionsOf(ledger: ArmLedger): Promise<readonly Session[]> {
  return ledger.query<Session>(`
    WITH served AS (
      SELECT client, instance, sentAt, endedAt, requestId,
        lag(instance) OVER (PARTITION BY client ORDER BY sentAt, requestId) IS DISTINCT FROM instance AS moved
      FROM client WHERE succeeded
    ), ways AS (
      SELECT client, count(*) AS stays,
        list(instance ORDER BY sentAt, requestId)[:${longestWay}] AS path,
        list(endedAt ORDER BY sentAt, requestId)[:${longestWay}] AS servedAt
      FROM served WHERE moved GROUP BY client
    )
    SELECT client, coalesce(stays, 0) AS stays, coalesce(path, []) AS path, coalesce(servedAt, []) AS servedAt
    FROM (SELECT DISTINCT client FROM client) LEFT JOIN ways USING (client) ORDER BY client`);
}
