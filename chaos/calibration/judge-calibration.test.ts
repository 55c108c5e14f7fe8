import { describe, expect, test } from 'vitest';
import type { Calibration } from './calibration-schema.js';
import {
  judgeAccuracy,
  judgeAgreement,
  judgeMaximum,
  judgeNull,
  judgePlanted,
  judgeSaturation,
} from './judge-calibration.js';

type Load = Calibration['loads'][number];
type Comparison = Calibration['comparisons'][number];

const exact = { count: 100, biasMs: 0.49, p99Ms: 2.99, worstMs: 40 };

function load(changed: Partial<Load> = {}): Load {
  return {
    name: 'at-50',
    ratePerSecond: 1_000,
    ofMaximum: 0.5,
    planned: 5_000,
    recorded: 5_000,
    lateP99Ms: 2,
    serverLagP99Ms: 0.2,
    errors: { ttft: exact, gap: { ...exact, biasMs: -0.49 }, latency: exact },
    saturation: [],
    problems: [],
    ...changed,
  };
}

function comparison(change: Comparison['change'], differenceMs = 0.1): Comparison {
  return {
    first: 'at-50',
    second: 'at-50-again',
    measure: 'ttft',
    quantile: 0.5,
    bandMs: 0.5,
    change,
    differenceMs,
    lowMs: differenceMs - 0.1,
    highMs: differenceMs + 0.1,
  };
}

describe('accuracy', () => {
  test('passes when every measure is exact, whatever its worst value', () => {
    expect(judgeAccuracy(load(), 'At 50 %')).toMatchObject({
      claim: expect.stringContaining('At 50 %'),
      outcome: 'pass',
    });
  });

  test.each([
    ['a bias', { ttft: { ...exact, biasMs: 0.5 } }],
    ['a bias to the other side', { gap: { ...exact, biasMs: -0.5 } }],
    ['a spread', { latency: { ...exact, p99Ms: 3 } }],
    ['nothing measured', { gap: { count: 0, biasMs: null, p99Ms: null, worstMs: null } }],
  ])('fails for %s', (_what, changed) => {
    expect(judgeAccuracy(load({ errors: { ...load().errors, ...changed } }), 'x').outcome).toBe('fail');
  });

  test.each([{ problems: ['k6 ended with exit code 1'] }, { saturation: ['the load generator fell behind'] }])(
    'cannot be told from evidence with %o',
    (changed) => {
      const verdict = judgeAccuracy(load(changed), 'x');
      expect(verdict.outcome).toBe('inconclusive');
      expect(verdict.measured).toContain(Object.values(changed).flat()[0]);
    },
  );
});

describe('two runs of the same', () => {
  const loads = [load(), load({ name: 'at-50-again' })];

  test('pass when nothing changed', () => {
    const verdict = judgeNull(loads, [comparison('no change', 0.1), comparison('no change', -0.3)]);
    expect(verdict).toMatchObject({ outcome: 'pass', measured: 'no change in 2; at most 0.30 ms apart' });
  });

  test('fail when something changed, and say what', () => {
    const verdict = judgeNull(loads, [comparison('no change'), comparison('undecided'), comparison('change', 0.9)]);
    expect(verdict.outcome).toBe('fail');
    expect(verdict.measured).toContain('change in p50 of TTFT: +0.90 ms (99 %: +0.80 ms to +1.00 ms, band 0.5 ms)');
  });

  test('decide nothing when the intervals are too wide, nothing was compared or a run was disturbed', () => {
    expect(judgeNull(loads, [comparison('no change'), comparison('undecided')]).outcome).toBe('inconclusive');
    expect(judgeNull(loads, []).outcome).toBe('inconclusive');
    const disturbed = [load(), load({ problems: ['k6 says: no'] })];
    expect(judgeNull(disturbed, [comparison('no change')]).outcome).toBe('inconclusive');
  });
});

test.each<[Comparison['change'], string]>([
  ['change', 'pass'],
  ['no change', 'fail'],
  ['undecided', 'inconclusive'],
])('a planted change that compares as %s: %s', (change, outcome) => {
  expect(judgePlanted([load(), load()], comparison(change, 2), 2).outcome).toBe(outcome);
});

describe('a generator of which too much is asked', () => {
  test('passes when it says so', () => {
    const verdict = judgeSaturation(load({ ofMaximum: 1.5, saturation: ['the load generator fell behind'] }));
    expect(verdict).toMatchObject({ outcome: 'pass', claim: expect.stringContaining('150 %') });
  });

  test('fails when it claims to have kept up', () => {
    expect(judgeSaturation(load()).outcome).toBe('fail');
  });

  test('decides nothing when it did not come to that', () => {
    expect(judgeSaturation(load({ problems: ['k6 never started the load'] })).outcome).toBe('inconclusive');
  });
});

describe('several clients', () => {
  const client = (name: string, ttftBias: number | null, gapBias = 0) => ({
    client: name,
    ttft: { ...exact, biasMs: ttftBias },
    gap: { ...exact, biasMs: gapBias },
  });

  const together = (stream: number | null, socket: number | null, openai: number | null, gaps = [0, 0, 0]) => ({
    k6: [client('k6 stream', stream, gaps[0]), client('k6 WebSocket', socket, gaps[1])],
    application: client('openai client', openai, gaps[2]),
  });

  test('agree within the bands, and each is told', () => {
    expect(judgeAgreement(together(0.1, 0.2, 1.5, [0, 0.1, 0.2]), [])).toMatchObject({
      outcome: 'pass',
      measured:
        'k6 stream +0.10 ms and +0.00 ms (100); k6 WebSocket +0.20 ms and +0.10 ms (100); openai client +1.50 ms and +0.20 ms (100)',
    });
  });

  test.each([
    ["k6's first tokens are apart", together(0, 0.51, 1), 'fail'],
    ["k6's first tokens are just close enough", together(0.5, 0, 1), 'pass'],
    ["a gap of k6's is apart", together(0, 0, 1, [0, -0.51, 0]), 'fail'],
    ["OpenAI's gaps are apart", together(0, 0, 1, [0, 0, 0.51]), 'fail'],
    ["OpenAI's client adds to the first token what it needs for itself", together(0, 0, 40), 'pass'],
    ["OpenAI's first tokens are a little before k6's", together(0.3, 0.2, -0.2), 'pass'],
    ["OpenAI's first tokens are before k6's", together(0.3, 0.2, -0.21), 'fail'],
  ])('%s', (_what, clients, outcome) => {
    expect(judgeAgreement(clients, []).outcome).toBe(outcome);
  });

  test('decide nothing when one of them measured nothing, or something is in doubt', () => {
    expect(judgeAgreement(together(0, 0, null), []).outcome).toBe('inconclusive');
    expect(judgeAgreement(together(null, 0, 1), []).outcome).toBe('inconclusive');
    expect(judgeAgreement(together(0, 0, 1), ['all processors were busy'])).toMatchObject({
      outcome: 'inconclusive',
      measured: 'all processors were busy',
    });
  });
});

test('a maximum that was not found decides nothing', () => {
  const steps = [{ ratePerSecond: 200, lateP99Ms: 80, held: false }];
  expect(judgeMaximum({ ratePerSecond: 0, heldWithinMs: 50, steps })).toMatchObject({
    outcome: 'inconclusive',
    measured: 'not even 200 a second: this machine is too busy, or too small',
  });
  expect(judgeMaximum({ ratePerSecond: 200, heldWithinMs: 50, steps }).outcome).toBe('pass');
});
