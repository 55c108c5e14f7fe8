import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { calibrationFile } from '../chaos/calibration/calibrate.js';
import { calibrationSchema } from '../chaos/calibration/calibration-schema.js';
import { runFiles } from '../harness/model/recording.js';
import { temporaryFolder } from '../reports/fixtures/temporary-folder.js';
import { traefikVersions } from '../stack/binaries/pins.js';
import type { RunView } from './output/run-view.js';
import { performRun } from './perform-run.js';

test.each([true, false])('calibrates before anything of the stack starts: %s, as asked', async (calibrate) => {
  using folder = temporaryFolder();
  const interrupted = new AbortController();
  const seen: string[] = [];
  const view: RunView = {
    note: () => undefined,
    preparing: () => undefined,
    recording: ({ type }) => {
      seen.push(type);
      interrupted.abort();
    },
    interrupted: () => undefined,
    close: () => undefined,
  };
  const run = performRun({
    run: basename(folder.path),
    folder: folder.path,
    options: {
      experiments: ['rate-limit'],
      runtime: 'process',
      traefik: traefikVersions[0],
      out: folder.path,
      seed: 7,
      keep: false,
      calibrate,
    },
    view,
    signal: interrupted.signal,
  });
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  expect(seen[0]).toBe('stack-starting');
  const file = join(folder.path, runFiles.calibration, calibrationFile);
  if (!calibrate) expect(() => readFileSync(file)).toThrow('ENOENT');
  else
    expect(calibrationSchema.parse(JSON.parse(readFileSync(file, 'utf8')))).toMatchObject({ mode: 'short', seed: 7 });
});
