import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Calibration } from '../../chaos/calibration/calibration-schema.js';
import { calibrationTables } from './print-calibration.js';

const errors = { count: 900, biasMs: 0.18, p99Ms: 341.63, worstMs: 400 };
const nothing = { count: 0, biasMs: null, p99Ms: null, worstMs: null };

function tables(changed: Partial<Calibration['loads'][number]> = {}): string {
  return stripVTControlCharacters(
    calibrationTables({
      loads: [
        {
          name: 'at-50-again',
          ratePerSecond: 13_400,
          planned: 900,
          recorded: 900,
          lateP99Ms: 2_123.44,
          busiestMachine: 0.534,
          serverLagP99Ms: 12.345,
          errors: { ttft: errors, gap: { ...errors, biasMs: -0.004 }, latency: errors },
          saturation: [],
          problems: [],
          ...changed,
        },
      ],
      verdicts: [
        { claim: 'It is exact', expected: 'no error', measured: 'an error', outcome: 'fail', evidence: ['at-50'] },
        { claim: 'It is told', expected: 'so', measured: 'nothing', outcome: 'inconclusive', evidence: [] },
      ],
    }),
  );
}

test('a load is one row with its errors', () => {
  const row = tables()
    .split('\n')
    .find((line) => line.includes('at-50-again'));
  expect(row?.split('│').map((cell) => cell.trim())).toEqual([
    '',
    'at-50-again',
    '13400',
    '2123.4',
    '53 %',
    '+0.18 / 341.63',
    '-0.00 / 341.63',
    '+0.18 / 341.63',
    '12.35',
    '',
  ]);
});

test('what was not measured is a dash and not a zero', () => {
  const text = tables({ serverLagP99Ms: null, errors: { ttft: nothing, gap: errors, latency: errors } });
  expect(text).toContain('- / -');
});

test('each claim has its outcome', () => {
  const text = tables();
  expect(text).toMatch(/It is exact.+an error.+FAIL/);
  expect(text).toMatch(/It is told.+nothing.+INCONCLUSIVE/);
});

test('nothing is wider than 100 columns', () => {
  const widths = tables()
    .split('\n')
    .map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(100);
});
