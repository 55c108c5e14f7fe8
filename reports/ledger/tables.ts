import { measures } from './measures.js';
import { sqlText } from './sql-text.js';

/**
 * The tables of `ledger.duckdb`, in schema `main`: what each vantage wrote down, of all arms. Instants are epoch
 * milliseconds with fractions, durations milliseconds. What a vantage did not see is NULL. docs/ledger.md describes
 * every column.
 *
 * Names that are known beforehand are enumerations: a column of texts takes five times as long to write.
 *
 * @param arms names of the run's arms
 * @param journals names of the files that the service's instances kept
 */
export function tables(arms: readonly string[], journals: readonly string[]): string {
  return `
CREATE TYPE armName AS ENUM (${arms.map(sqlText).join(', ')});
CREATE TYPE journalName AS ENUM (${journals.map(sqlText).join(', ')});
CREATE TABLE arms (
  arm VARCHAR NOT NULL, experiment VARCHAR NOT NULL, role VARCHAR NOT NULL, startedAt DOUBLE
);
CREATE TABLE gaps (arm VARCHAR NOT NULL, gap VARCHAR NOT NULL);
CREATE TABLE clients (place INTEGER, arm armName, client INTEGER, clientGroup VARCHAR, startedAt DOUBLE);
CREATE TABLE arrivals (place INTEGER, number INTEGER, atMs DOUBLE);
CREATE VIEW planned AS
SELECT arm, arm || '.' || client || '.' || number AS requestId, client, number, clientGroup,
  startedAt + atMs AS intendedAt
FROM main.arrivals JOIN main.clients USING (place);
CREATE TABLE client (
  arm armName, requestId VARCHAR, protocol VARCHAR, scenario VARCHAR, client INTEGER,
  intendedAt DOUBLE, sentAt DOUBLE, firstByteAt DOUBLE, firstTokenAt DOUBLE, endedAt DOUBLE,
  status INTEGER, errorCode INTEGER, error VARCHAR, bytes BIGINT, instance VARCHAR, retryAfter VARCHAR,
  cookieSent VARCHAR, cookieSet VARCHAR, cookieSecure BOOLEAN, cookieHttpOnly BOOLEAN,
  tokens INTEGER, finishReason VARCHAR, done BOOLEAN, gapsMs DOUBLE[], remote VARCHAR,
  succeeded BOOLEAN GENERATED ALWAYS AS (status BETWEEN 200 AND 299 AND errorCode = 0 AND done)
);
CREATE TABLE gateway (
  number BIGINT, arm armName, requestId VARCHAR, startedAt DOUBLE, durationMs DOUBLE, status INTEGER,
  originStatus INTEGER, serverUrl VARCHAR, clientHost VARCHAR
);
CREATE TABLE service (
  arm armName, requestId VARCHAR, instance VARCHAR, method VARCHAR, path VARCHAR,
  arrivedAt DOUBLE, finishedAt DOUBLE, status INTEGER, completed BOOLEAN,
  queueMs DOUBLE, prefillMs DOUBLE,
  journal journalName, number BIGINT, lines INTEGER
);
CREATE TABLE faults (
  arm VARCHAR, "index" INTEGER, kind VARCHAR, title VARCHAR, links VARCHAR[], plannedAtMs DOUBLE, plannedForMs DOUBLE,
  applyingAt DOUBLE, appliedAt DOUBLE, healingAt DOUBLE, healedAt DOUBLE, error VARCHAR
);
CREATE TABLE scrapes (
  "at" DOUBLE, configReloads DOUBLE,
  routes MAP(VARCHAR, STRUCT(routerRequests MAP(VARCHAR, DOUBLE), serviceRequests MAP(VARCHAR, DOUBLE)))
);
${measures}`;
}
