#!/usr/bin/env node
// Plain JavaScript without packages: it has to run on a fresh clone, where there are none yet.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const badInput = 3;

/** Ends the process with a message that says what to do. */
function refuse(message, hint) {
  process.stderr.write(`gauntlet: ${message}\n  hint: ${hint}\n`);
  process.exit(badInput);
}

/** Installs the packages if they are missing or older than the lock file, and says so. */
export function ensurePackages() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    refuse(`Node ${process.versions.node} is too old.`, 'Install Node 20.19 or newer, 22 or 24.');
  }
  // npm writes this file last, so an install that was cut off is noticed.
  const installed = join(root, 'node_modules', '.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  if (existsSync(installed) && (!existsSync(wanted) || statSync(installed).mtimeMs >= statSync(wanted).mtimeMs)) return;
  process.stderr.write('Installing npm packages (about half a minute) …\n');
  const began = Date.now();
  // Install scripts only compile native parts; what needs one is built later, side by side with the rest.
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    refuse('The npm packages could not be installed.', 'See what npm says above; try `npm ci` in the project folder.');
  }
  process.stderr.write(`Installed npm packages in ${Math.round((Date.now() - began) / 1000)} s.\n`);
}

// `node cli/bootstrap.mjs PACKAGE ARGUMENTS…` runs a package's command after making sure that it is there.
if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  ensurePackages();
  const [name, ...args] = process.argv.slice(2);
  const require = createRequire(import.meta.url);
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest);
  const script = join(dirname(manifest), typeof bin === 'string' ? bin : bin[name]);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  process.exit(status ?? 1);
}
