/**
 * The limiter's decisions as a table: every request of a client with when it came to the gateway, whose bucket it drew
 * from, and what the limiter did. Anything but 429 was admitted.
 */
export const decisions = `(
  SELECT requestId, client, clientHost, startedAt, gateway.status <> 429 AS admitted
  FROM gateway JOIN (SELECT requestId, client FROM client) USING (requestId)
)`;

/** Condition on a client: it is one of the group `$group` of the traffic. */
export const ofGroup = 'client IN (SELECT client FROM planned WHERE clientGroup = $group)';
