import { resolve } from 'node:path';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { askVersion } from './ask-version.js';
import { cachedBinaryPath } from './binary-cache.js';
import type { BinaryHost } from './binary-host.js';
import { findExecutables, isExecutable } from './find-executable.js';
import type { BinaryPin } from './pins.js';
import type { ResolvedBinary } from './resolved-binary.js';

/**
 * Looks for a pinned program without building it: the path that its environment variable names, then the user's cache,
 * then PATH. Only the pinned version counts.
 *
 * @returns The program, or `undefined` when it has to be built.
 * @throws {GauntletError} when the environment variable names something else than the pinned program.
 */
export async function findBinary(
  pin: BinaryPin,
  host: BinaryHost,
  signal?: AbortSignal,
): Promise<ResolvedBinary | undefined> {
  const { name, version } = pin;
  const explicit = host.env[pin.variable];
  if (explicit) {
    const path = resolve(explicit);
    await checkExplicit(pin, path, host, signal);
    return { name, version, path, source: 'explicit', leftOut: [] };
  }
  const cached = await cachedBinaryPath(pin, host);
  if (await isExecutable(cached)) {
    return { name, version, path: cached, source: 'cache', leftOut: pin.leftOut };
  }
  for (const executable of pin.executables) {
    for (const path of await findExecutables(executable, host.env.PATH)) {
      if ((await askVersion(pin, path, { env: host.env, signal })) === version) {
        return { name, version, path, source: 'path', leftOut: [] };
      }
    }
  }
  return undefined;
}

async function checkExplicit(pin: BinaryPin, path: string, host: BinaryHost, signal?: AbortSignal): Promise<void> {
  const hint = `Set ${pin.variable} to the path of ${pin.name} ${pin.version}, or unset it to have that version built.`;
  if (!(await isExecutable(path))) {
    throw new GauntletError(`${pin.variable} names ${path}, which is not an executable file.`, { hint });
  }
  const version = await askVersion(pin, path, { env: host.env, signal });
  if (version !== pin.version) {
    const found = version === undefined ? `does not report a version of ${pin.name}` : `is ${pin.name} ${version}`;
    throw new GauntletError(`${pin.variable} names ${path}, which ${found}; ${pin.version} is needed.`, { hint });
  }
}
