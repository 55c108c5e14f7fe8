import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../harness/model/run.js';
import { findDocker } from '../../stack/runtimes/find-docker.js';
import { catalogue } from './catalogue.js';

const cli = fileURLToPath(new URL('../../cli/gauntlet.mjs', import.meta.url));
const schema = fileURLToPath(new URL('../../reports/run.schema.json', import.meta.url));
const docker = await findDocker();

describe.skipIf(docker.docker === undefined)('all experiments in containers', () => {
  let out: string;
  let json: string;
  let ended: ReturnType<typeof spawnSync>;

  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'gauntlet-docker-'));
    json = join(out, 'run.json');
    ended = spawnSync(process.execPath, [cli, 'run', '--runtime', 'docker', '--out', out, '--json', json], {
      encoding: 'utf8',
    });
  });
  afterAll(() => rm(out, { recursive: true, force: true }));

  test('pass, with the claims of every experiment', async () => {
    expect(ended.status, `${ended.stderr}${ended.stdout}`).toBe(0);
    const run = JSON.parse(await readFile(json, 'utf8')) as Run;
    expect(run.runtime).toBe('docker');
    const outcomes = run.experiments.map((each) => [each.id, each.outcome, each.verdicts.length]);
    expect(outcomes).toEqual(catalogue.map((each) => [each.id, 'pass', each.checks.length]));
    expect(run.experiments.map((each) => each.negativeControl.outcome)).toEqual(catalogue.map(() => 'fail'));
  });

  test('write a run.json that is valid against the published schema', async () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse(await readFile(schema, 'utf8')),
    );
    const valid = validate(JSON.parse(await readFile(json, 'utf8')));
    expect(validate.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  test('are judged again from disk with the very same result', async () => {
    const before = await readFile(json, 'utf8');
    const again = join(out, 'again.json');
    const analyzed = spawnSync(process.execPath, [cli, 'analyze', join(out, 'latest'), '--json', again]);
    expect(analyzed.status).toBe(0);
    expect(await readFile(again, 'utf8')).toBe(before);
  });
});
