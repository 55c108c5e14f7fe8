import { expect, test } from 'vitest';
import type { Outcome } from '../../harness/model/outcome.js';
import type { PastRun } from './run-history.js';
import { trackRecords } from './track-record.js';

function past(run: string, outcomes: Readonly<Record<string, Outcome>>): PastRun {
  return {
    run,
    folder: run,
    outcome: 'pass',
    profile: 'default',
    runtime: 'process',
    versions: {},
    seed: 42,
    startedAt: '2026-11-23T00:00:00.000Z',
    durationMs: 1,
    experiments: Object.entries(outcomes).map(([id, outcome]) => ({
      id,
      outcome,
      reason: outcome === 'pass' ? undefined : `${outcome} in ${run}`,
      verdicts: [],
    })),
  };
}

test('counts outcomes and changes of each experiment, and names the latest trouble', () => {
  const runs = [
    past('5', { retry: 'pass', sticky: 'pass' }),
    past('4', { retry: 'inconclusive' }),
    past('3', { retry: 'fail', sticky: 'pass' }),
    past('2', { retry: 'fail' }),
    past('1', { retry: 'pass', limit: 'skipped' }),
  ];
  expect(trackRecords(runs)).toEqual([
    {
      experiment: 'retry',
      runs: 5,
      outcomes: { pass: 2, fail: 2, inconclusive: 1, skipped: 0 },
      changes: 3,
      lastTrouble: { run: '4', outcome: 'inconclusive', reason: 'inconclusive in 4' },
    },
    { experiment: 'sticky', runs: 2, outcomes: { pass: 2, fail: 0, inconclusive: 0, skipped: 0 }, changes: 0 },
    { experiment: 'limit', runs: 1, outcomes: { pass: 0, fail: 0, inconclusive: 0, skipped: 1 }, changes: 0 },
  ]);
});

test('no runs have no record', () => {
  expect(trackRecords([])).toEqual([]);
});
