import { describe, expect, test } from 'vitest';
import { type Outcome, worstOutcome } from './outcome.js';

describe('worstOutcome', () => {
  test.each<{ parts: Outcome[]; whole: Outcome }>([
    { parts: ['pass'], whole: 'pass' },
    { parts: ['pass', 'pass'], whole: 'pass' },
    { parts: ['pass', 'inconclusive', 'pass'], whole: 'inconclusive' },
    { parts: ['inconclusive', 'fail', 'pass'], whole: 'fail' },
    { parts: ['fail', 'inconclusive'], whole: 'fail' },
    { parts: ['skipped', 'pass'], whole: 'pass' },
    { parts: ['skipped', 'inconclusive'], whole: 'inconclusive' },
    { parts: ['skipped', 'skipped'], whole: 'skipped' },
  ])('of $parts is $whole', ({ parts, whole }) => {
    expect(worstOutcome(parts)).toBe(whole);
    expect(worstOutcome(parts.toReversed())).toBe(whole);
  });

  test('of nothing is inconclusive, for nothing was proved', () => {
    expect(worstOutcome([])).toBe('inconclusive');
  });
});
