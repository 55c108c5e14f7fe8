import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../harness/model/run.js';
import { sampleRun } from '../fixtures/sample-run.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { loadSqlite } from './load-sqlite.js';
import { openHistory } from './open-history.js';

function runAt(startedAt: string, change: Partial<Run> = {}): Run {
  return { ...sampleRun, run: `run of ${startedAt}`, startedAt, ...change };
}

describe('openHistory', () => {
  test('lists a recorded run with what became of its experiments and verdicts', async () => {
    using folder = temporaryFolder();
    using history = await openHistory(join(folder.path, 'new', 'history.sqlite'));
    history.record(sampleRun, 'reports/out/one');
    const [past] = history.recent(10);
    expect(past).toMatchObject({ run: sampleRun.run, folder: 'reports/out/one', outcome: 'fail', seed: 421_337 });
    expect(past?.versions).toEqual(sampleRun.versions);
    expect(past?.experiments.map(({ reason }) => reason)).toEqual(sampleRun.experiments.map(({ reason }) => reason));
    expect(past?.experiments.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['retry', 'pass'],
      ['circuit-breaker', 'fail'],
      ['sticky-sessions', 'inconclusive'],
      ['rate-limit', 'pass'],
    ]);
    expect(past?.experiments[1]?.verdicts).toEqual([
      { check: 'breaker-trip', outcome: 'pass' },
      { check: 'breaker-recovery', outcome: 'pass' },
      { check: 'outage-cost', outcome: 'fail' },
    ]);
  });

  test('lists the latest runs first, as many as asked for', async () => {
    using folder = temporaryFolder();
    using history = await openHistory(join(folder.path, 'history.sqlite'));
    for (const day of ['02', '03', '01']) history.record(runAt(`2026-11-${day}T00:00:00.000Z`), day);
    expect(history.recent(2).map((past) => past.folder)).toEqual(['03', '02']);
  });

  test('lists the runs of one experiment, as many as asked for', async () => {
    using folder = temporaryFolder();
    using history = await openHistory(join(folder.path, 'history.sqlite'));
    const [retry, breaker] = [sampleRun.experiments.slice(0, 1), sampleRun.experiments.slice(1, 2)];
    history.record(runAt('2026-11-01T00:00:00.000Z', { experiments: retry }), 'first');
    history.record(runAt('2026-11-02T00:00:00.000Z', { experiments: breaker }), 'other');
    history.record(runAt('2026-11-03T00:00:00.000Z', { experiments: retry }), 'last');
    expect(history.recent(10, 'retry').map(({ folder }) => folder)).toEqual(['last', 'first']);
    expect(history.recent(1, 'retry').map(({ folder }) => folder)).toEqual(['last']);
    expect(history.recent(10, 'rate-limit')).toEqual([]);
  });

  test('replaces a run that is judged anew', async () => {
    using folder = temporaryFolder();
    using history = await openHistory(join(folder.path, 'history.sqlite'));
    history.record(sampleRun, 'one');
    history.record({ ...sampleRun, outcome: 'inconclusive', experiments: sampleRun.experiments.slice(2) }, 'one');
    const past = history.recent(10);
    expect(past.map(({ outcome }) => outcome)).toEqual(['inconclusive']);
    expect(past[0]?.experiments.map(({ id }) => id)).toEqual(['sticky-sessions', 'rate-limit']);
  });

  test('keeps a recorded run whole when recording it anew fails', async () => {
    using folder = temporaryFolder();
    using history = await openHistory(join(folder.path, 'history.sqlite'));
    history.record(sampleRun, 'one');
    const twice = [...sampleRun.experiments, ...sampleRun.experiments];
    expect(() => history.record({ ...sampleRun, experiments: twice }, 'one')).toThrow();
    expect(history.recent(10)[0]?.experiments).toHaveLength(4);
  });

  test('keeps its runs when it is closed and opened again, by two at the same time', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'history.sqlite');
    const [one, other] = await Promise.all([openHistory(file), openHistory(file)]);
    one.record(runAt('2026-11-01T00:00:00.000Z'), 'one');
    other.record(runAt('2026-11-02T00:00:00.000Z'), 'other');
    one.close();
    one.close();
    other.close();
    using again = await openHistory(file);
    expect(again.recent(10).map(({ folder }) => folder)).toEqual(['other', 'one']);
  });

  test('refuses a file of a later version', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'history.sqlite');
    const Sqlite = await loadSqlite();
    const later = new Sqlite(file);
    later.pragma('user_version = 99');
    later.close();
    await expect(openHistory(file)).rejects.toMatchObject({
      name: 'GauntletError',
      message: expect.stringContaining('schema version 99'),
    });
  });

  test('refuses a file that is no database', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'history.sqlite');
    writeFileSync(file, 'these are notes, not a database, and they are long enough to be looked at'.repeat(20));
    await expect(openHistory(file)).rejects.toMatchObject({
      name: 'GauntletError',
      message: expect.stringContaining('Cannot open the run history'),
    });
  });
});
