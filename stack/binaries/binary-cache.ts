import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import type { BinaryHost } from './binary-host.js';
import { pinKey } from './pin-key.js';
import type { BinaryPin } from './pins.js';

const workPrefix = '.build-';

/** The user's folder of built programs. */
export function binaryCacheFolder({ env }: BinaryHost): string {
  const xdg = env.XDG_CACHE_HOME;
  // The XDG specification says that a relative path is to be ignored.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), '.cache');
  return join(base, 'gauntlet', 'bin');
}

/** Where the build of `pin` for this machine lies, or would lie. */
export async function cachedBinaryPath(pin: BinaryPin, host: BinaryHost): Promise<string> {
  const file = `${pin.name}-${pin.version}-${await pinKey(pin)}-${host.platform}-${host.arch}`;
  return join(binaryCacheFolder(host), file);
}

/** Makes the cache folder and tries to write to it. Returns the problem of a folder that cannot be written. */
export async function checkCacheWritable(host: BinaryHost): Promise<GauntletError | undefined> {
  const folder = binaryCacheFolder(host);
  try {
    await mkdir(folder, { recursive: true });
    await rm(await mkdtemp(join(folder, '.probe-')), { recursive: true });
    return undefined;
  } catch (cause) {
    return new GauntletError(`Programs cannot be kept in the cache folder ${folder}: ${(cause as Error).message}`, {
      hint: 'Make the folder writable, or set XDG_CACHE_HOME to an absolute path that is.',
      cause,
    });
  }
}

/** Makes an empty folder for one build, on the same file system as the cache so that the result can be renamed. */
export function makeWorkFolder(host: BinaryHost): Promise<string> {
  return mkdtemp(join(binaryCacheFolder(host), workPrefix));
}

/** Removes what interrupted builds left. Only the holder of the cache's lock may call this. */
export async function sweepWorkFolders(host: BinaryHost): Promise<void> {
  const folder = binaryCacheFolder(host);
  const stale = (await readdir(folder)).filter((name) => name.startsWith(workPrefix));
  await Promise.all(stale.map((name) => removeWorkFolder(join(folder, name))));
}

/** Removes a work folder, also while a compiler that was just ended lets go of its last file. */
export function removeWorkFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
