import { join } from 'node:path';
import { runFiles } from '../../harness/model/recording.js';
import type { EvidenceSource } from './evidence-source.js';
import { sqlText } from './sql-text.js';

const needsAll = (columns: Readonly<Record<string, string>>): string[] =>
  Object.keys(columns).map((name) => `"${name}" IS NOT NULL`);

const accessColumns = {
  RouterName: 'VARCHAR',
  StartUTC: 'TIMESTAMP_NS',
  Duration: 'BIGINT',
  DownstreamStatus: 'INTEGER',
  OriginStatus: 'INTEGER',
  ServiceURL: 'VARCHAR',
  ClientHost: 'VARCHAR',
  'request_X-Request-Id': 'VARCHAR',
};

/** Traefik's access log, every route of it. Requests without an id keep an empty one. */
export function accessLog(folder: string): EvidenceSource {
  return {
    path: join(folder, runFiles.accessLog),
    label: "Traefik's access log",
    table: 'gateway',
    key: 'requestId',
    columns: accessColumns,
    needs: ['StartUTC', 'Duration', 'DownstreamStatus', 'OriginStatus', 'ClientHost'].map(
      (name) => `${name} IS NOT NULL`,
    ),
    row: {
      arm: "regexp_replace(coalesce(RouterName, ''), '@file$', '')",
      requestId: `coalesce("request_X-Request-Id", '')`,
      // In two parts: as one number of nanoseconds it would lose its last digits.
      startedAt: 'epoch_ns(StartUTC) // 1000000 + (epoch_ns(StartUTC) % 1000000) / 1e6',
      durationMs: 'Duration / 1e6',
      status: 'DownstreamStatus',
      originStatus: 'OriginStatus',
      serverUrl: "coalesce(ServiceURL, '')",
      clientHost: 'ClientHost',
    },
  };
}

const faultColumns = {
  arm: 'VARCHAR',
  index: 'INTEGER',
  kind: 'VARCHAR',
  title: 'VARCHAR',
  links: 'VARCHAR[]',
  plannedAtMs: 'DOUBLE',
  plannedForMs: 'DOUBLE',
  applyingAt: 'DOUBLE',
  appliedAt: 'DOUBLE',
  healingAt: 'DOUBLE',
  healedAt: 'DOUBLE',
};

/** What the injector wrote down. */
export function injectorRecord(folder: string): EvidenceSource {
  return {
    path: join(folder, runFiles.faults),
    label: "the injector's record",
    table: 'faults',
    key: 'arm',
    columns: { ...faultColumns, error: 'VARCHAR' },
    needs: needsAll(faultColumns),
    row: Object.fromEntries([...Object.keys(faultColumns), 'error'].map((name) => [name, `"${name}"`])),
  };
}

/** The scrapes of Traefik's counters, each with all routes. */
export function gatewayScrapes(folder: string): EvidenceSource {
  return {
    path: join(folder, runFiles.scrapes),
    label: "the scrapes of Traefik's counters",
    table: 'scrapes',
    key: 'at',
    columns: {
      at: 'DOUBLE',
      configReloads: 'DOUBLE',
      routes: 'MAP(VARCHAR, STRUCT(routerRequests MAP(VARCHAR, DOUBLE), serviceRequests MAP(VARCHAR, DOUBLE)))',
    },
    needs: ['"at" IS NOT NULL', 'routes IS NOT NULL'],
    row: { at: '"at"', configReloads: 'configReloads', routes: 'routes' },
  };
}

const exchangeColumns = {
  requestId: 'VARCHAR',
  client: 'INTEGER',
  intendedAt: 'DOUBLE',
  sentAt: 'DOUBLE',
  endedAt: 'DOUBLE',
  status: 'INTEGER',
  errorCode: 'INTEGER',
  done: 'BOOLEAN',
};

const exchangeDetails = {
  protocol: 'VARCHAR',
  scenario: 'VARCHAR',
  firstByteAt: 'DOUBLE',
  firstTokenAt: 'DOUBLE',
  error: 'VARCHAR',
  bytes: 'BIGINT',
  instance: 'VARCHAR',
  retryAfter: 'VARCHAR',
  cookieSent: 'VARCHAR',
  tokens: 'INTEGER',
  finishReason: 'VARCHAR',
  gapsMs: 'DOUBLE[]',
  remote: 'VARCHAR',
};

/** The exchanges of one arm as the load generator wrote them, between a header and a trailer. */
export function exchanges(folder: string, arm: string, frame: { first: boolean; last: boolean }): EvidenceSource {
  const texts = ['error', 'instance', 'retryAfter', 'cookieSent'];
  const row = Object.fromEntries(
    [...Object.keys(exchangeColumns), ...Object.keys(exchangeDetails)].map((name) => [
      name,
      texts.includes(name) ? `coalesce(${name}, '')` : name,
    ]),
  );
  return {
    path: join(folder, runFiles.client(arm), runFiles.clientRecords),
    label: "the file of k6's records",
    table: 'client',
    key: 'requestId',
    columns: {
      ...exchangeColumns,
      ...exchangeDetails,
      cookieSet: 'STRUCT(value VARCHAR, secure BOOLEAN, httpOnly BOOLEAN)',
    },
    needs: needsAll(exchangeColumns),
    row: {
      ...row,
      arm: sqlText(arm),
      firstByteAt: 'nullif(firstByteAt, 0)',
      firstTokenAt: 'nullif(firstTokenAt, 0)',
      cookieSet: 'cookieSet.value',
      cookieSecure: 'cookieSet.secure',
      cookieHttpOnly: 'cookieSet.httpOnly',
    },
    frame,
  };
}
