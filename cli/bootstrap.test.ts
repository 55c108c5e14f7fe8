import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Sandbox } from './fixtures/sandbox.js';

const bootstrap = fileURLToPath(new URL('bootstrap.mjs', import.meta.url));

const needed = { version: '1.2.0' };
const wanted = {
  '': { version: '0.1.0' },
  'node_modules/tool': needed,
  'node_modules/for-developers': { version: '3.0.0', dev: true },
  'node_modules/for-another-machine': { version: '3.0.0', optional: true },
};

/** A clone with a lock file, and what an install left in node_modules: undefined when there was none. */
function clone(sandbox: Sandbox, installed?: string): void {
  mkdirSync(join(sandbox.path, 'cli'));
  cpSync(bootstrap, join(sandbox.path, 'cli/bootstrap.mjs'));
  sandbox.file('package-lock.json', JSON.stringify({ packages: wanted }));
  sandbox.file('node_modules/tool/command.mjs', 'console.log("ran", ...process.argv.slice(2)); process.exitCode = 5;');
  // A package whose manifest cannot be resolved like a module.
  sandbox.file(
    'node_modules/tool/package.json',
    JSON.stringify({ name: 'tool', exports: { '.': './command.mjs' }, bin: { tool: 'command.mjs' } }),
  );
  if (installed !== undefined) sandbox.file('node_modules/.package-lock.json', installed);
}

/** Puts an npm on PATH that notes how it was called, and ends like this. */
function installNpm(sandbox: Sandbox, exitCode: number): string {
  const calls = join(sandbox.path, 'npm-calls');
  sandbox.file('bin/npm', `#!/bin/sh\necho "$@" >> ${calls}\necho "what npm says" >&2\nexit ${exitCode}\n`);
  return calls;
}

function start(sandbox: Sandbox, ...args: readonly string[]) {
  const script = join(sandbox.path, 'cli/bootstrap.mjs');
  return spawnSync(process.execPath, [script, ...args], { env: sandbox.env, encoding: 'utf8' });
}

test('everything is installed: the command runs at once, with its arguments and its exit code', () => {
  using sandbox = new Sandbox();
  clone(sandbox, JSON.stringify({ packages: { 'node_modules/tool': needed } }));
  expect(start(sandbox, 'tool', 'a', '--b')).toMatchObject({ status: 5, stdout: 'ran a --b\n', stderr: '' });
});

test.each([
  ['nothing is installed', undefined],
  ['an install was cut off', '{"packages": {"node_modules/to'],
  ['another version is installed', JSON.stringify({ packages: { 'node_modules/tool': { version: '1.1.0' } } })],
])('%s: npm installs without scripts, then the command runs', (_name, installed) => {
  using sandbox = new Sandbox();
  clone(sandbox, installed);
  const calls = installNpm(sandbox, 0);
  const { status, stdout, stderr } = start(sandbox, 'tool');
  expect(existsSync(calls)).toBe(true);
  expect(stderr).toContain('Installing npm packages');
  expect(stderr).toContain('Installed npm packages in');
  expect(stdout).toBe('ran\n');
  expect(status).toBe(5);
});

test('npm is not there: one clear error', () => {
  using sandbox = new Sandbox();
  clone(sandbox);
  const { status, stdout, stderr } = start(sandbox, 'tool');
  expect(stderr).toContain('gauntlet: npm is not on PATH; the packages cannot be installed.\n  hint: Install npm');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(status).toBe(3);
});

test('npm fails: what it says is shown', () => {
  using sandbox = new Sandbox();
  clone(sandbox);
  installNpm(sandbox, 1);
  const { status, stderr } = start(sandbox, 'tool');
  expect(stderr).toContain(
    'what npm says\ngauntlet: The npm packages could not be installed.\n  hint: See what npm says',
  );
  expect(status).toBe(3);
});

test.each([
  [[], 'No package named.'],
  [['nosuch'], 'The package "nosuch" is not installed.'],
])('a package that cannot be run: %s', (args, message) => {
  using sandbox = new Sandbox();
  clone(sandbox, JSON.stringify({ packages: { 'node_modules/tool': needed } }));
  const { status, stderr } = start(sandbox, ...args);
  expect(stderr).toContain(`gauntlet: ${message}\n  hint: `);
  expect(status).toBe(3);
});
