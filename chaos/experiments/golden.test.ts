import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GeneratorAccuracy } from '../../harness/model/generator-accuracy.js';
import { runFiles } from '../../harness/model/recording.js';
import type { ExperimentResult } from '../../harness/model/run.js';
import { temporaryFolder } from '../../reports/fixtures/temporary-folder.js';
import { writeRun } from '../../reports/write-run.js';
import { catalogue } from './catalogue.js';
import { exactGenerator } from './fixtures/exact-generator.js';
import { goldenRun, writeRunFiles } from './fixtures/golden-run.js';
import { judgeRun } from './judge-run.js';

const whole = goldenRun();
const clientFiles = [...whole.keys()].filter((path) => path.endsWith(runFiles.clientRecords));
const journals = [...whole.keys()].filter((path) => path.startsWith(runFiles.journals));

/** What comes of a run's folder with these files, and the text of its `run.json`. */
async function judge(
  files: ReadonlyMap<string, Buffer>,
): Promise<{ results: readonly ExperimentResult[]; json: string }> {
  using folder = temporaryFolder();
  writeRunFiles(folder.path, files);
  await using judged = await judgeRun(folder.path, catalogue);
  const json = join(folder.path, runFiles.run);
  await writeRun(json, judged.run);
  return { results: judged.run.experiments, json: readFileSync(json, 'utf8') };
}

describe('a recorded run', () => {
  let first: Awaited<ReturnType<typeof judge>>;
  beforeAll(async () => {
    first = await judge(whole);
  });

  test('is judged as it always was', async () => {
    await expect(first.json).toMatchFileSnapshot('golden/run.json.snap');
  });

  test('gives the same run.json again, byte for byte', async () => {
    expect((await judge(whole)).json).toBe(first.json);
  });

  test('has a verdict of every check of the catalogue', () => {
    const checks = catalogue.flatMap((experiment) => experiment.checks.map((check) => check.id));
    expect(first.results.flatMap((result) => result.verdicts.map((verdict) => verdict.check))).toEqual(checks);
  });
});

describe('a calibration before the run', () => {
  const calibrated = (calibration: GeneratorAccuracy): ReadonlyMap<string, Buffer> => {
    const recording = JSON.parse(String(whole.get(runFiles.recording)));
    return new Map(whole).set(runFiles.recording, Buffer.from(JSON.stringify({ ...recording, calibration })));
  };

  test('that passed changes no verdict, and is kept', async () => {
    const { results, json } = await judge(calibrated(exactGenerator));
    expect(results).toEqual((await judge(whole)).results);
    expect(JSON.parse(json).calibration).toEqual(exactGenerator);
  });

  test.each([
    ['fail', 'failed'],
    ['inconclusive', 'was inconclusive'],
  ] as const)('that comes to %s makes every verdict inconclusive and says why', async (outcome, word) => {
    const { results } = await judge(
      calibrated({ ...exactGenerator, outcome, reason: 'TTFT +0.70 ms (expected below 0.5 ms)' }),
    );
    expect(results.length).toBeGreaterThanOrEqual(4);
    for (const { outcome: of, reason, negativeControl, verdicts } of results) {
      expect([of, negativeControl.outcome]).toEqual(['inconclusive', 'inconclusive']);
      expect(reason).toBe(
        `the calibration of the load generator before the run ${word}: TTFT +0.70 ms (expected below 0.5 ms)`,
      );
      expect(verdicts.map((verdict) => verdict.outcome)).toEqual(verdicts.map(() => 'inconclusive'));
    }
  });
});

/** Ways in which a file can be damaged; undefined for a file that is gone. */
const damages: Readonly<Record<string, (content: Buffer) => Buffer | undefined>> = {
  missing: () => undefined,
  empty: () => Buffer.alloc(0),
  'cut inside a line': (content) => {
    const half = content.subarray(0, content.length / 2);
    return half.at(-1) === 0x0a ? half.subarray(0, -5) : half;
  },
  'overwritten with zeros in the middle': (content) => {
    const middle = Math.floor(content.length / 2);
    return Buffer.concat([content.subarray(0, middle), Buffer.alloc(40), content.subarray(middle + 40)]);
  },
};

const groups: Readonly<Record<string, readonly string[]>> = {
  'the access log': [runFiles.accessLog],
  'a journal': journals.slice(0, 1),
  "every file of k6's records": clientFiles,
  'the scrapes': [runFiles.scrapes],
  "the injector's record": [runFiles.faults],
};

describe('damaged evidence is never a pass and never a crash', () => {
  test.each([
    ...Object.keys(groups).map((what) => ({ what, damage: 'empty' })),
    ...Object.keys(groups).map((what) => ({ what, damage: 'cut inside a line' })),
    { what: 'the access log', damage: 'overwritten with zeros in the middle' },
    { what: "every file of k6's records", damage: 'missing' },
    { what: "the injector's record", damage: 'missing' },
  ])('$what $damage', async ({ what, damage }) => {
    const paths = groups[what] ?? [];
    const change = damages[damage];
    if (change === undefined) throw new RangeError(damage);
    const files = new Map(whole);
    for (const path of paths) {
      const damaged = change(whole.get(path) ?? Buffer.alloc(0));
      if (damaged === undefined) files.delete(path);
      else files.set(path, damaged);
    }
    const { results } = await judge(files);
    // Without faults there is nothing that an empty record of the injector lacks.
    const concerned = results.filter(
      ({ id }) => !(damage === 'empty' && paths.includes(runFiles.faults) && id === 'rate-limit'),
    );
    expect(concerned.length).toBeGreaterThanOrEqual(3);
    for (const { outcome, reason, verdicts, negativeControl } of concerned) {
      expect([outcome, negativeControl.outcome]).toEqual(['inconclusive', 'inconclusive']);
      expect(reason).not.toMatch(/the check itself failed/);
      expect(verdicts.map((verdict) => verdict.outcome)).toEqual(verdicts.map(() => 'inconclusive'));
    }
  });
});
