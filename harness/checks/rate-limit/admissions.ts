import type { ArmLedger, ClientRecord, GatewayRecord } from '../../model/ledger.js';
import type { RateLimitPolicy } from '../../model/policy.js';
import { predictAdmissions } from '../../oracles/rate-limit.js';
import { groupBy } from '../group-by.js';

/** One request that the limiter decided on. */
export interface Admission {
  readonly client: ClientRecord;
  readonly gateway: GatewayRecord;
  /** The key of the bucket that it draws from. */
  readonly bucket: string;
  /** What the limiter did: anything but 429 was admitted. */
  readonly admitted: boolean;
  /** What the oracle says for the arrivals as the gateway recorded them. */
  readonly predicted: boolean;
}

/** The limiter's decisions on every request, in order of arrival at the gateway. */
export function admissions(ledger: ArmLedger, policy: RateLimitPolicy): Admission[] {
  const sent = new Map(ledger.client.map((record) => [record.requestId, record]));
  const arrived = ledger.gateway.flatMap((gateway) => {
    const client = sent.get(gateway.requestId);
    const bucket = bucketOf(policy, gateway);
    return client === undefined ? [] : [{ client, gateway, bucket, admitted: gateway.status !== 429 }];
  });
  const predicted = new Map<GatewayRecord, boolean>();
  for (const own of groupBy(arrived, (each) => each.bucket).values()) {
    const decisions = predictAdmissions(
      policy,
      own.map(({ gateway }) => gateway.startedAt),
    );
    for (const [place, { gateway }] of own.entries()) predicted.set(gateway, decisions[place] ?? false);
  }
  return arrived.map((each) => ({ ...each, predicted: predicted.get(each.gateway) ?? false }));
}

/**
 * The key of a request's bucket. A header as key is empty here: our clients send none of their own, and Traefik takes
 * forwarding headers away from clients that it does not trust before the limiter looks.
 */
function bucketOf(policy: RateLimitPolicy, gateway: GatewayRecord): string {
  return policy.key.by === 'peer-address' ? gateway.clientHost : '';
}

/** Numbers of the clients in a group of the traffic. */
export function clientsOfGroup(ledger: ArmLedger, group: string): number[] {
  return [...new Set(ledger.planned.filter((arrival) => arrival.group === group).map((arrival) => arrival.client))];
}
