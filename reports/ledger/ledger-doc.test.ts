import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runFiles } from '../../harness/model/recording.js';
import { sampleEvidence, sampleRecordedArm, sampleRecording, writeEvidence } from '../fixtures/sample-evidence.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openLedger } from './open-ledger.js';

const doc = readFileSync(fileURLToPath(new URL('../../docs/ledger.md', import.meta.url)), 'utf8');
const queries = [...doc.matchAll(/^(.*)\n\n```sql\n([^`]*)```/gm)].map(([, question = '', sql = '']) => ({
  question,
  sql,
}));

/** Opened as a person would open it: the file, by its own name, for reading. */
const folder = temporaryFolder();
let instance: DuckDBInstance;

beforeAll(async () => {
  const arms = ['retry.subject', 'retry.control'];
  writeEvidence(folder.path, sampleEvidence(arms));
  const recording = sampleRecording(arms.map((arm) => sampleRecordedArm(arm)));
  const ledger = await openLedger(folder.path, recording, () => [{ client: 1, group: 'steady', instants: [0, 400] }]);
  await ledger[Symbol.asyncDispose]();
  instance = await DuckDBInstance.create(join(folder.path, runFiles.ledger), { access_mode: 'READ_ONLY' });
});

afterAll(() => {
  instance.closeSync();
  folder[Symbol.dispose]();
});

async function ask(sql: string): Promise<unknown[][]> {
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } finally {
    connection.closeSync();
  }
}

test('the documentation has queries', () => {
  expect(queries.length).toBeGreaterThan(8);
});

describe('each query of the documentation runs', () => {
  test.each(queries)('$question', async ({ sql }) => {
    await expect(ask(sql)).resolves.toBeInstanceOf(Array);
  });
});

test('the documentation names every table, view and column', async () => {
  const columns = await ask(`
    SELECT table_name, column_name FROM duckdb_columns()
    WHERE NOT internal AND schema_name IN ('main', 'retry.subject')`);
  expect(columns.length).toBeGreaterThan(80);
  const missing = columns.flat().filter((name) => !doc.includes(`\`${name}\``));
  expect([...new Set(missing)]).toEqual([]);
});

test('goodput counts over what was planned, and its limits hold only where they are given', async () => {
  const goodput = (limits: string): Promise<unknown[][]> =>
    ask(
      `SELECT planned::INTEGER, succeeded::INTEGER, good::INTEGER FROM goodput(${limits}) WHERE arm = 'retry.subject'`,
    );
  expect(await goodput('')).toEqual([[2, 2, 2]]);
  expect(await goodput('e2eMs := 20.25')).toEqual([[2, 2, 2]]);
  expect(await goodput('e2eMs := 20.2')).toEqual([[2, 2, 0]]);
  // These answers have no tokens, so they cannot have kept a limit on the first one.
  expect(await goodput('ttftMs := 1000')).toEqual([[2, 2, 0]]);
});

test('the waiting that is measured is that at the instance that answered', async () => {
  // The second request had arrived at llm-2 before, and waited there for 0.5 ms.
  const measured = await ask(`SELECT requestId, queueMs, prefillMs FROM "retry.subject".measures ORDER BY requestId`);
  expect(measured).toEqual([
    ['retry.subject.1.0', 1, 2.25],
    ['retry.subject.1.1', 1.5, 3.25],
  ]);
});
