import { expect, test } from 'vitest';
import { accuracyOf } from './accuracy-of.js';
import type { Calibration } from './calibration-schema.js';

const errors = (biasMs: number | null) => ({ count: 100, biasMs, p99Ms: 1.5, worstMs: 40 });

const load: Calibration['loads'][number] = {
  name: 'usual',
  ratePerSecond: 240,
  planned: 600,
  recorded: 600,
  lateP99Ms: 2,
  serverLagP99Ms: 0.2,
  errors: { ttft: errors(0.2), gap: errors(null), latency: errors(0.3) },
  saturation: [],
  problems: [],
};

function verdict(claim: string, outcome: Calibration['outcome']): Calibration['verdicts'][number] {
  return { claim, expected: `${claim} expected`, measured: `${claim} measured`, outcome, evidence: [] };
}

const calibration: Calibration = {
  schemaVersion: 1,
  calibration: 'calibration-1',
  mode: 'short',
  outcome: 'pass',
  startedAt: '2026-11-25T02:00:00.000Z',
  durationMs: 7_000,
  versions: {},
  processors: 2,
  seed: 42,
  timing: { ttftMs: 50, gapMs: 10, tokens: 10 },
  loads: [load, { ...load, name: 'usual-again', errors: { ttft: errors(9), gap: errors(9), latency: errors(9) } }],
  comparisons: [],
  clients: [],
  verdicts: [verdict('exact', 'pass'), verdict('the same twice', 'pass')],
};

test('a run keeps the errors under the usual load, and no reason when all bounds hold', () => {
  expect(accuracyOf(calibration)).toEqual({
    outcome: 'pass',
    ratePerSecond: 240,
    ttft: { biasMs: 0.2, p99Ms: 1.5 },
    gap: { biasMs: null, p99Ms: 1.5 },
    latency: { biasMs: 0.3, p99Ms: 1.5 },
  });
});

test('every bound that does not hold is told', () => {
  const verdicts = [verdict('exact', 'fail'), verdict('agreement', 'pass'), verdict('the same twice', 'inconclusive')];
  expect(accuracyOf({ ...calibration, outcome: 'fail', verdicts })).toMatchObject({
    outcome: 'fail',
    reason:
      'exact: exact measured (expected exact expected); the same twice: the same twice measured (expected the same twice expected)',
  });
});

test('without a load there is nothing to keep', () => {
  expect(() => accuracyOf({ ...calibration, loads: [] })).toThrow('the calibration measured no load');
});
