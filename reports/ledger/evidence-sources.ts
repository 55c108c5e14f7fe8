import { join } from 'node:path';
import { runFiles } from '../../harness/model/recording.js';
import type { EvidenceSource } from './evidence-source.js';

const needsAll = (columns: Readonly<Record<string, string>>): string[] =>
  Object.keys(columns).map((name) => `"${name}" IS NOT NULL`);

const accessColumns = {
  RequestCount: 'BIGINT',
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
    files: [{ path: join(folder, runFiles.accessLog), label: "Traefik's access log", tag: 'gateway' }],
    table: 'gateway',
    key: 'requestId',
    columns: accessColumns,
    needs: ['RequestCount', 'StartUTC', 'Duration', 'DownstreamStatus', 'OriginStatus', 'ClientHost'].map(
      (name) => `${name} IS NOT NULL`,
    ),
    row: {
      number: 'RequestCount',
      // Traefik calls a router `<name>@<provider>`.
      arm: "TRY_CAST(split_part(RouterName, '@', 1) AS armName)",
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
    files: [{ path: join(folder, runFiles.faults), label: "the injector's record", tag: 'injector' }],
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
    files: [{ path: join(folder, runFiles.scrapes), label: "the scrapes of Traefik's counters", tag: 'scrapes' }],
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
