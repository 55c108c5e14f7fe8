import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findExecutables } from './find-executable.js';
import { modulesFolder } from './pin-key.js';
import { pins } from './pins.js';

// The first run on a machine compiles k6.
const coldBuildMs = 10 * 60_000;
const [go = ''] = await findExecutables('go', process.env.PATH);
const folder = join(modulesFolder, pins.k6.moduleFolder);

/** What a tool prints, and its exit code; with the flags of the build, so that what that compiled is not compiled again. */
function run(file: string, args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
    encoding: 'utf8',
  });
  return { status, words: `${stdout}${stderr}${error?.message ?? ''}` };
}

describe.skipIf(go === '')('the Go code of k6', () => {
  test(
    'passes its tests, in every package that has some',
    () => {
      const { status, words } = run(go, ['test', '-trimpath', './...']);
      expect(status, words).toBe(0);
      expect(words).toContain('ok  \tgauntlet/binaries/k6/client');
    },
    coldBuildMs,
  );

  test(
    'is what go vet accepts',
    () => {
      const { status, words } = run(go, ['vet', '-trimpath', './...']);
      expect(status, words).toBe(0);
    },
    coldBuildMs,
  );

  test('is what gofmt would write', () => {
    const root = run(go, ['env', 'GOROOT']).words.trim();
    expect(run(join(root, 'bin', 'gofmt'), ['-l', '.'])).toEqual({ status: 0, words: '' });
  });
});
