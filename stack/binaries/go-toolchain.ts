import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import type { BinaryHost } from './binary-host.js';
import { findExecutables } from './find-executable.js';
import { modulesFolder } from './pin-key.js';
import type { BinaryPin } from './pins.js';
import { runProcess } from './run-process.js';

/**
 * Finds a Go that can build all of `pins`.
 *
 * @returns The path of `go`, or the problem when there is none or it is too old.
 */
export async function findGo(
  pins: readonly BinaryPin[],
  host: BinaryHost,
  signal?: AbortSignal,
): Promise<{ readonly go: string } | { readonly problem: GauntletError }> {
  const needs = await Promise.all(
    pins.map(async (pin) => ({ pin, version: await neededGo(pin), cwd: join(modulesFolder, pin.moduleFolder) })),
  );
  const strictest = needs.reduce((a, b) => (isOlder(a.version, b.version) ? b : a));
  const programs = pins.map(({ name, version }) => `${name} ${version}`).join(', ');
  const hint =
    `Install Go ${strictest.version} or newer, from https://go.dev/dl or your distribution; ` +
    'or run where Docker and a registry of images answer (--runtime docker), which needs no Go.';

  const [go] = await findExecutables('go', host.env.PATH);
  if (go === undefined) {
    return { problem: new GauntletError(`Go is not installed; ${programs} must be built with it.`, { hint }) };
  }
  // Asked in the module's folder, where a newer Go is taken automatically if this one may and can fetch it.
  const answer = await runProcess(go, ['env', 'GOVERSION'], { env: host.env, cwd: strictest.cwd, signal });
  const found = /^go(\d+(?:\.\d+)*)/.exec(answer.stdout.trim())?.[1];
  if (answer.exitCode === 0 && found !== undefined && !isOlder(found, strictest.version)) {
    return { go };
  }
  const reason = found === undefined ? answer.stderr.trim() : `it is Go ${found}`;
  return {
    problem: new GauntletError(
      `${go} cannot build ${strictest.pin.name} ${strictest.pin.version}, which needs Go ${strictest.version}: ${reason}`,
      { hint },
    ),
  };
}

async function neededGo(pin: BinaryPin): Promise<string> {
  const path = join(modulesFolder, pin.moduleFolder, 'go.mod');
  const version = /^go (\d+(?:\.\d+)*)/m.exec(await readFile(path, 'utf8'))?.[1];
  if (version === undefined) {
    throw new Error(`${path} says no Go version.`);
  }
  return version;
}

function isOlder(version: string, than: string): boolean {
  const parts = version.split('.').map(Number);
  const thanParts = than.split('.').map(Number);
  for (const [index, wanted] of thanParts.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) {
      return part < wanted;
    }
  }
  return false;
}
