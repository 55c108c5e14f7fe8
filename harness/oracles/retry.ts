/** A band of whole numbers, both ends included. */
export interface Band {
  readonly least: number;
  readonly most: number;
}

/**
 * Attempts beyond the first that Traefik's `retry` makes for `requests` requests, sent one at a time to `servers`
 * servers in round robin of which `refusing` refuse connections.
 *
 * Round robin hands out servers in turn, also to a second attempt, so a share of `refusing / servers` of all *picks*
 * meets a refusing server and each of those is followed by one more pick: with R requests there are R·d/(n−d) extra
 * ones, give or take one for where in the rotation the fault began and ended.
 *
 * @param requests least and most requests that can have met the fault
 * @returns undefined where this model does not hold: when a request can use up its attempts on refusing servers
 */
export function extraRetryAttempts(
  requests: Band,
  servers: number,
  refusing: number,
  attempts: number,
): Band | undefined {
  if (attempts <= 1) return { least: 0, most: 0 };
  if (attempts <= refusing || refusing >= servers) return undefined;
  const perRequest = refusing / (servers - refusing);
  return {
    least: Math.max(0, Math.floor(requests.least * perRequest) - 1),
    most: Math.ceil(requests.most * perRequest) + 1,
  };
}
