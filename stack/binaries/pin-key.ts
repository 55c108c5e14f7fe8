import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BinaryPin } from './pins.js';

/** The folder with the Go modules (one folder for each pin) and `stubs/`. */
export const modulesFolder = fileURLToPath(new URL('.', import.meta.url));

/**
 * A short name of everything that decides what a build of `pin` yields: its Go files without their tests, its stubs and
 * its recipe. A cached program of another key is never taken for this one.
 */
export async function pinKey(pin: BinaryPin): Promise<string> {
  const stubs = pin.replacements.flatMap((replacement) => {
    const folder = replacement.kind === 'stub' ? replacement.folder : replacement.add;
    return folder === undefined ? [] : [join('stubs', folder)];
  });
  const hash = createHash('sha256');
  hash.update(JSON.stringify([pin.package, pin.version, pin.versionVariable, pin.replacements]));
  for (const folder of [pin.moduleFolder, ...stubs]) {
    const entries = await readdir(join(modulesFolder, folder), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('_test.go') && !/\btestdata\b/.test(entry.parentPath))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) {
      const content = await readFile(file);
      hash.update(`\n${file.slice(modulesFolder.length)} ${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex').slice(0, 10);
}
