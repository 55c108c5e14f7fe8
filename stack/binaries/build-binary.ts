import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { askVersion } from './ask-version.js';
import { cachedBinaryPath, makeWorkFolder, removeWorkFolder } from './binary-cache.js';
import type { BinaryHost } from './binary-host.js';
import { copyTree } from './copy-tree.js';
import { goCommand } from './go-command.js';
import { modulesFolder } from './pin-key.js';
import type { BinaryPin } from './pins.js';
import { replaceModules } from './replace-modules.js';
import type { ResolvedBinary } from './resolved-binary.js';

/** A build in two halves, since one program's download may run beside another's compilation. Disposing removes its files. */
export interface BinaryBuild extends AsyncDisposable {
  /** Downloads all modules that the program needs. */
  download(): Promise<void>;
  /** Compiles the program, asks it for its version and puts it into the cache in one step. */
  compile(): Promise<ResolvedBinary>;
}

/**
 * Prepares a build in a folder of its own inside the cache folder. The caller holds the cache's lock.
 *
 * @param options.go The path of `go`.
 * @throws {GauntletError} from both halves when `go` fails.
 */
export async function prepareBuild(
  pin: BinaryPin,
  options: { readonly go: string; readonly host: BinaryHost; readonly signal: AbortSignal },
): Promise<BinaryBuild> {
  const { host, signal } = options;
  const work = await makeWorkFolder(host);
  const folder = join(work, 'module');
  const temporary = join(work, 'tmp');
  const go = goCommand(pin, { go: options.go, folder, temporary, env: host.env, signal });
  return {
    async download() {
      await mkdir(temporary);
      await copyTree(join(modulesFolder, pin.moduleFolder), folder);
      await replaceModules(pin, go, folder);
      // Listing loads, and so downloads, exactly the modules with packages of the program; `go mod download` loads all.
      await go.run('list', '-deps', pin.package);
    },
    async compile() {
      const output = join(work, pin.name);
      const version = pin.versionVariable === undefined ? '' : ` -X ${pin.versionVariable}=${pin.version}`;
      await go.run('build', '-trimpath', '-buildvcs=false', `-ldflags=-s -w${version}`, '-o', output, pin.package);
      const reported = await askVersion(pin, output, { env: host.env, signal });
      if (reported !== pin.version) {
        throw new Error(`The build of ${pin.name} ${pin.version} reports the version ${reported ?? '(none)'}.`);
      }
      const path = await cachedBinaryPath(pin, host);
      await rename(output, path);
      return { name: pin.name, version: pin.version, path, source: 'built', leftOut: pin.leftOut };
    },
    [Symbol.asyncDispose]: () => removeWorkFolder(work),
  };
}
