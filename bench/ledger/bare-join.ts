import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { runFiles } from '../../harness/model/recording.js';

/** Joins the evidence files of the folder that it is given as they are, and tells its parent the time and the memory. */
const folder = process.argv[2] ?? '';
const began = performance.now();
const connection = await (await DuckDBInstance.create(':memory:', { memory_limit: '1GB' })).connect();
const lines = (path: string, columns: string): string =>
  `read_json('${path}', format = 'newline_delimited', ignore_errors = true, columns = {${columns}})`;
const clients = join(folder, runFiles.client('*'), runFiles.clientRecords);
const journals = join(folder, runFiles.journals, '*.ndjson');
if (readdirSync(join(folder, runFiles.journals)).length === 0) throw new Error('there is no journal');
const result = await connection.runAndReadAll(`
  SELECT count(*) AS requests, count(*) FILTER (c.status <> g.DownstreamStatus) AS differing, max(arrivedAt - sentAt)
  FROM ${lines(clients, "requestId: 'VARCHAR', sentAt: 'DOUBLE', endedAt: 'DOUBLE', status: 'INTEGER'")} AS c
  JOIN ${lines(
    join(folder, runFiles.accessLog),
    `"request_X-Request-Id": 'VARCHAR', StartUTC: 'TIMESTAMP_NS', Duration: 'BIGINT', DownstreamStatus: 'INTEGER'`,
  )} AS g ON g."request_X-Request-Id" = c.requestId
  LEFT JOIN ${lines(journals, "requestId: 'VARCHAR', instance: 'VARCHAR', arrivedAt: 'DOUBLE'")} AS s
    ON s.requestId = c.requestId AND s.arrivedAt IS NOT NULL`);
if (Number(result.getRows()[0]?.[0]) === 0) throw new Error('nothing was joined');
process.send?.({ seconds: (performance.now() - began) / 1000, mb: process.resourceUsage().maxRSS / 1e3 });
process.disconnect?.();
