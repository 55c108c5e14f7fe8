import { describe, expect, test } from 'vitest';
import type { TimeSeries } from '../time-series.js';
import { describeSeries } from './describe-series.js';

const series: TimeSeries = {
  arm: 'retry.subject',
  length: 3,
  statuses: [
    { status: 0, counts: [0, 1, 0] },
    { status: 200, counts: [1000, 900, 0] },
    { status: 502, counts: [0, 99, 0] },
  ],
  p50Ms: [20, 30.4, null],
  p99Ms: [40, 1234.4, null],
  faults: [{ title: 'llm-2 refuses connections', fromMs: 1012, untilMs: 2004 }],
};

describe('describeSeries', () => {
  test('says how many requests had which answer, the most frequent first', () => {
    expect(describeSeries(series).requests).toBe('2,000 requests in 3 s: 1,900 × 200, 99 × 502, 1 × no response.');
  });

  test('says how slow answers were and when they were slowest', () => {
    expect(describeSeries(series).latency).toBe(
      'p50 latency was typically 30 ms; p99 peaked at 1,234 ms, in second 1.',
    );
  });

  test('says which faults acted when, and what went wrong with them', () => {
    expect(describeSeries(series).faults).toBe('Fault: llm-2 refuses connections from 1.0 s to 2.0 s.');
    const [fault] = series.faults;
    const failed = { title: '', fromMs: 0, untilMs: 0, ...fault, error: 'no answer' };
    expect(describeSeries({ ...series, faults: [failed] }).faults).toContain('(with an error: no answer)');
    expect(describeSeries({ ...series, faults: [] }).faults).toBe('No fault was injected.');
  });
});
