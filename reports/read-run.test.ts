import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GauntletError } from '../harness/errors/gauntlet-error.js';
import { sampleRun } from './fixtures/sample-run.js';
import { temporaryFolder } from './fixtures/temporary-folder.js';
import { readRun } from './read-run.js';
import { writeRun } from './write-run.js';

async function failureOf(content: string): Promise<GauntletError> {
  using folder = temporaryFolder();
  const file = join(folder.path, 'run.json');
  writeFileSync(file, content);
  const error: unknown = await readRun(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GauntletError)) throw new Error('a GauntletError was expected', { cause: error });
  return error;
}

describe('readRun', () => {
  test('gives back the run that was written', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'run.json');
    await writeRun(file, sampleRun);
    expect(await readRun(file)).toEqual(sampleRun);
  });

  test('names every problem of a malformed file at once, with its place', async () => {
    const [first, ...others] = sampleRun.experiments;
    const broken = { ...sampleRun, outcome: 'great', sede: 1, experiments: [{ ...first, title: 7 }, ...others] };
    const { message, exitCode } = await failureOf(JSON.stringify(broken));
    expect(message).toMatch(/outcome: .*"pass"/);
    expect(message).toContain('experiments[0].title: ');
    expect(message).toContain('"sede"');
    expect(exitCode).toBe(3);
  });

  test('says that text is not JSON', async () => {
    expect((await failureOf('{"run": ')).message).toContain('is not JSON');
  });

  test('says that a file is missing, and what to do', async () => {
    await expect(readRun('/nonexistent/run.json')).rejects.toMatchObject({
      name: 'GauntletError',
      message: expect.stringContaining('/nonexistent/run.json'),
      hint: expect.stringContaining('gauntlet history'),
    });
  });
});
