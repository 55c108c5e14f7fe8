/**
 * What is measured of each exchange, one definition a measure, and the goodput over what was planned. docs/ledger.md
 * says where the formulas come from and how other tools define the same words.
 */
export const measures = `
CREATE VIEW measures AS
SELECT arm, requestId, client, protocol, status, succeeded,
  status BETWEEN 200 AND 299 AND NOT succeeded AS truncated,
  sentAt - intendedAt AS startDelayMs,
  firstByteAt - intendedAt AS ttfbMs,
  firstTokenAt - intendedAt AS ttftMs,
  firstTokenAt - sentAt AS ttftFromSentMs,
  answering.queueMs,
  answering.prefillMs,
  CASE WHEN tokens >= 2 THEN (endedAt - firstTokenAt) / (tokens - 1) END AS itlMs,
  gapsMs,
  list_max(gapsMs) AS longestGapMs,
  endedAt - intendedAt AS e2eMs,
  endedAt - sentAt AS e2eFromSentMs,
  tokens,
  CASE WHEN firstTokenAt IS NOT NULL THEN tokens / ((endedAt - sentAt) / 1000) END AS tokensPerSecond
FROM main.client LEFT JOIN (
  SELECT arm, requestId, instance, max_by(queueMs, arrivedAt) AS queueMs, max_by(prefillMs, arrivedAt) AS prefillMs
  FROM main.service GROUP BY ALL
) AS answering USING (arm, requestId, instance);

CREATE MACRO goodput(ttftMs := NULL, itlMs := NULL, e2eMs := NULL) AS TABLE
WITH judged AS (
  SELECT planned.arm, planned.intendedAt, coalesce(m.succeeded, false) AS succeeded,
    coalesce(m.succeeded, false)
      AND (ttftMs IS NULL OR coalesce(m.ttftMs <= ttftMs, false))
      AND (itlMs IS NULL OR coalesce(m.itlMs <= itlMs, m.tokens = 1))
      AND (e2eMs IS NULL OR m.e2eMs <= e2eMs) AS good
  FROM main.planned LEFT JOIN main.measures AS m USING (arm, requestId)
)
SELECT arm, count(*) AS planned, count(*) FILTER (succeeded) AS succeeded, count(*) FILTER (good) AS good,
  count(*) FILTER (good) / count(*) AS goodOfPlanned,
  count(*) FILTER (good) / nullif(count(*) FILTER (succeeded), 0) AS goodOfSucceeded,
  count(*) FILTER (good) / nullif((max(intendedAt) - min(intendedAt)) / 1000, 0) AS goodPerSecond
FROM judged GROUP BY arm;
`;
