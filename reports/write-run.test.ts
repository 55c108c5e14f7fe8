import { describe, expect, test } from 'vitest';
import { sampleRun } from './fixtures/sample-run.js';
import { formatRun } from './write-run.js';

/** The same value with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, reversed(each)] as const)
      .reverse(),
  );
}

describe('formatRun', () => {
  test('does not depend on the order of keys', () => {
    const other = reversed(sampleRun) as typeof sampleRun;
    expect(Object.keys(other)[0]).toBe('experiments');
    expect(formatRun(other)).toBe(formatRun(sampleRun));
  });

  test('leads with the schema version and ends with a line break', () => {
    expect(formatRun(sampleRun)).toMatch(/^\{\n {2}"schemaVersion": 1,\n {2}"run": .*\}\n$/s);
  });

  test('leaves out a reason that is undefined', () => {
    const experiments = sampleRun.experiments.map((experiment) => ({ ...experiment, reason: undefined }));
    expect(JSON.parse(formatRun({ ...sampleRun, experiments })).experiments[0]).not.toHaveProperty('reason');
  });
});
