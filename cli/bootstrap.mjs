#!/usr/bin/env node
// Plain JavaScript without packages: it has to run on a fresh clone, where there are none yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const badInput = 3;

/** Ends the process with a message that says what to do. */
export function refuse(message, hint) {
  process.stderr.write(`gauntlet: ${message}\n  hint: ${hint}\n`);
  process.exit(badInput);
}

/** Installs the packages if they are missing or other ones than the lock file says, and tells so. */
export function ensurePackages() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    refuse(`Node ${process.versions.node} is too old.`, 'Install Node 20.19 or newer, 22 or 24.');
  }
  if (packagesAreInstalled()) return;
  process.stderr.write('Installing npm packages (about half a minute) …\n');
  const began = Date.now();
  // Install scripts only compile native parts; what needs one is built later, side by side with the rest.
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.error?.code === 'ENOENT') {
    refuse(
      'npm is not on PATH; the packages cannot be installed.',
      'Install npm (it comes with Node), or add it to PATH.',
    );
  }
  if (npm.status !== 0) {
    refuse('The npm packages could not be installed.', 'See what npm says above; try `npm ci` in the project folder.');
  }
  process.stderr.write(`Installed npm packages in ${Math.round((Date.now() - began) / 1000)} s.\n`);
}

/**
 * Whether node_modules holds what the lock file says. Contents are compared, because times mean nothing after a checkout
 * or a restored cache. npm lists what it installed when it has finished, so an install that was cut off is noticed.
 */
function packagesAreInstalled() {
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  const wanted = packagesIn(join(root, 'package-lock.json'));
  if (installed === undefined) return false;
  return Object.entries(wanted ?? {}).every(([path, { version, dev, optional, devOptional }]) => {
    // Development tools and parts for other machines may be left out.
    if (path === '' || dev || optional || devOptional) return true;
    return installed[path]?.version === version;
  });
}

function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** The script behind a package's command. Read from the folder: a package need not export its manifest. */
function commandOf(name) {
  const folder = join(root, 'node_modules', name);
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) {
    refuse(`The package "${name}" is not installed.`, 'Try `npm ci` in the project folder.');
  }
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const script = typeof bin === 'string' ? bin : bin?.[name.slice(name.lastIndexOf('/') + 1)];
  if (script === undefined) refuse(`The package "${name}" has no command.`, 'Name a package that has one.');
  return join(folder, script);
}

// `node cli/bootstrap.mjs PACKAGE ARGUMENTS…` runs a package's command after making sure that it is there.
if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined) refuse('No package named.', 'node cli/bootstrap.mjs PACKAGE ARGUMENTS…');
  ensurePackages();
  const { status, signal } = spawnSync(process.execPath, [commandOf(name), ...args], { cwd: root, stdio: 'inherit' });
  process.exit(status ?? 128 + (constants.signals[signal] ?? 0));
}
