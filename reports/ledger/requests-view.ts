/**
 * The view `requests` of an arm's schema: one row for each request id that the schedule, the client, the gateway or the
 * service knows, with what each of them says of it. A vantage that does not know the request has a count of 0 and NULL
 * in its other columns. `absence` says why a request never arrived at the service, where that can be told.
 *
 * Each vantage is grouped by itself and then joined: grouping all of them at once carries every column of every vantage
 * through each row and takes twice as long. The schedule names no request twice.
 *
 * @param schema the arm's schema, quoted
 * @param prefix what the arm's request ids begin with, quoted: others on its route are no load
 */
export function requestsView(schema: string, prefix: string): string {
  return `
CREATE VIEW ${schema}.requests AS
SELECT * REPLACE (
    coalesce(planned, 0) AS planned, coalesce(records, 0) AS records, coalesce(logs, 0) AS logs,
    coalesce(arrivals, 0) AS arrivals),
  CASE
    WHEN arrivals > 0 THEN NULL
    WHEN logs IS NULL AND status = 0 AND errorCode <> 0 THEN 'failed before the gateway answered'
    WHEN logs IS NULL THEN NULL
    WHEN serverUrl <> '' AND originStatus IN (499, 502, 504) THEN 'the connection to the instance failed'
    WHEN serverUrl <> '' THEN NULL
    WHEN logStatus = 429 THEN 'rejected by the rate limit'
    WHEN logStatus = 503 THEN 'answered by the circuit breaker, or no healthy instance was left'
    ELSE 'answered by the gateway itself'
  END AS absence
FROM (SELECT requestId, 1 AS planned, intendedAt AS plannedAt FROM ${schema}.planned)
FULL JOIN (
  SELECT requestId, count(*) AS records, any_value(intendedAt) AS intendedAt, any_value(sentAt) AS sentAt,
    any_value(endedAt) AS endedAt, any_value(status) AS status, any_value(errorCode) AS errorCode,
    any_value(instance) AS instance, any_value(done) AS done, any_value(succeeded) AS succeeded
  FROM ${schema}.client GROUP BY requestId
) USING (requestId)
FULL JOIN (
  SELECT requestId, count(*) AS logs, min(startedAt) AS loggedAt, max(startedAt + durationMs) AS loggedEnd,
    any_value(status) AS logStatus, any_value(originStatus) AS originStatus, any_value(serverUrl) AS serverUrl
  FROM ${schema}.gateway WHERE starts_with(requestId, ${prefix}) GROUP BY requestId
) USING (requestId)
FULL JOIN (
  SELECT requestId, count(*) AS arrivals, min(arrivedAt) AS arrivedAt, max(finishedAt) AS finishedAt,
    any_value(instance) AS servedBy
  FROM ${schema}.service GROUP BY requestId
) USING (requestId);
`;
}
