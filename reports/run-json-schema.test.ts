import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { sampleRun } from './fixtures/sample-run.js';
import committed from './run.schema.json' with { type: 'json' };
import { runJsonSchema } from './run-json-schema.js';

const validate = new Ajv2020({ validateFormats: false }).compile(committed);
const [retry] = sampleRun.experiments;

describe('run.schema.json', () => {
  test('is what the zod schema generates; `npx tsx reports/write-run-schema.ts` renews it', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(runJsonSchema())));
  });

  test('accepts a run', () => {
    expect(validate(sampleRun), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each([
    ['another schema version', { ...sampleRun, schemaVersion: 2 }],
    ['an unknown outcome', { ...sampleRun, outcome: 'ok' }],
    ['an unknown key', { ...sampleRun, note: 'by hand' }],
    ['a missing key', { ...sampleRun, seed: undefined }],
    ['a start without a time zone', { ...sampleRun, startedAt: '2026-11-23T22:04:11' }],
    ['a negative duration', { ...sampleRun, durationMs: -1 }],
    ['an unknown runtime', { ...sampleRun, runtime: 'podman' }],
    [
      'an experiment without a negative control',
      { ...sampleRun, experiments: [{ ...retry, negativeControl: undefined }] },
    ],
    ['a verdict of an unknown kind', { ...sampleRun, experiments: [{ ...retry, verdicts: [{ kind: 'opinion' }] }] }],
  ])('refuses %s', (_what, broken) => {
    expect(validate(JSON.parse(JSON.stringify(broken)))).toBe(false);
  });
});
