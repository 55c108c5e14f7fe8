/**
 * The view `requests` of an arm's schema: one row for each request id that the schedule, the client, the gateway or the
 * service knows, with what each of them says of it. A vantage that does not know the request has a count of 0 and NULL
 * in its other columns. `absence` says why a request never arrived at the service, where that can be told.
 *
 * One grouping over all vantages: three joins give the same and take twice as long.
 *
 * @param schema the arm's schema, quoted
 * @param prefix what the arm's request ids begin with, quoted: others on its route are no load
 */
export function requestsView(schema: string, prefix: string): string {
  return `
CREATE VIEW ${schema}.requests AS
SELECT requestId,
  count(plan) AS planned, any_value(plannedAt) AS plannedAt,
  count(record) AS records, any_value(intendedAt) AS intendedAt, any_value(sentAt) AS sentAt,
  any_value(endedAt) AS endedAt, any_value(status) AS status, any_value(errorCode) AS errorCode,
  any_value(instance) AS instance, any_value(done) AS done, any_value(succeeded) AS succeeded,
  count(log) AS logs, min(loggedAt) AS loggedAt, max(loggedEnd) AS loggedEnd, any_value(logStatus) AS logStatus,
  any_value(originStatus) AS originStatus, any_value(serverUrl) AS serverUrl,
  count(arrival) AS arrivals, min(arrivedAt) AS arrivedAt, max(finishedAt) AS finishedAt,
  any_value(servedBy) AS servedBy,
  CASE
    WHEN arrivals > 0 THEN NULL
    WHEN logs = 0 AND any_value(status) = 0 AND any_value(errorCode) <> 0 THEN 'failed before the gateway answered'
    WHEN logs = 0 THEN NULL
    WHEN any_value(serverUrl) <> '' AND any_value(originStatus) IN (499, 502, 504)
      THEN 'the connection to the instance failed'
    WHEN any_value(serverUrl) <> '' THEN NULL
    WHEN any_value(logStatus) = 429 THEN 'rejected by the rate limit'
    WHEN any_value(logStatus) = 503 THEN 'answered by the circuit breaker, or no healthy instance was left'
    ELSE 'answered by the gateway itself'
  END AS absence
FROM (
  SELECT requestId, true AS plan, intendedAt AS plannedAt FROM ${schema}.planned
  UNION ALL BY NAME
  SELECT requestId, true AS record, intendedAt, sentAt, endedAt, status, errorCode, instance, done, succeeded
  FROM ${schema}.client
  UNION ALL BY NAME
  SELECT requestId, true AS log, startedAt AS loggedAt, startedAt + durationMs AS loggedEnd, status AS logStatus,
    originStatus, serverUrl
  FROM ${schema}.gateway WHERE starts_with(requestId, ${prefix})
  UNION ALL BY NAME
  SELECT requestId, true AS arrival, arrivedAt, finishedAt, instance AS servedBy FROM ${schema}.service
)
GROUP BY requestId;
`;
}
