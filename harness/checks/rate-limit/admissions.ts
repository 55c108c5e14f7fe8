import type { ArmLedger, ClientRecord, GatewayRecord } from '../../model/ledger.js';
import type { RateLimitPolicy } from '../../model/policy.js';
import { predictAdmissions } from '../../oracles/rate-limit.js';

/** One request that the limiter decided on. */
export interface Admission {
  readonly client: ClientRecord;
  readonly gateway: GatewayRecord;
  /** What the limiter did: anything but 429 was admitted. */
  readonly admitted: boolean;
  /** What the oracle says for the arrivals as the gateway recorded them. */
  readonly predicted: boolean;
}

/**
 * The limiter's decisions on one client's requests, in order of arrival at the gateway.
 *
 * @param number the client, from 1
 */
export function admissions(ledger: ArmLedger, policy: RateLimitPolicy, number: number): Admission[] {
  const own = new Map(
    ledger.client.filter((record) => record.client === number).map((record) => [record.requestId, record]),
  );
  const arrived = ledger.gateway.flatMap((gateway) => {
    const client = own.get(gateway.requestId);
    return client === undefined ? [] : [{ client, gateway, admitted: gateway.status !== 429 }];
  });
  const predicted = predictAdmissions(
    policy,
    arrived.map(({ gateway }) => gateway.startedAt),
  );
  return arrived.map((each, place) => ({ ...each, predicted: predicted[place] ?? false }));
}

/** Numbers of the clients in a group of the traffic. */
export function clientsOfGroup(ledger: ArmLedger, group: string): number[] {
  return [...new Set(ledger.planned.filter((arrival) => arrival.group === group).map((arrival) => arrival.client))];
}
