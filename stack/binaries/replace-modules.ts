import { join } from 'node:path';
import { copyTree } from './copy-tree.js';
import type { GoCommand } from './go-command.js';
import { modulesFolder } from './pin-key.js';
import type { BinaryPin, ModuleReplacement } from './pins.js';

/** Puts the replacements of `pin` into its module's folder and points its go.mod at them. */
export async function replaceModules(pin: BinaryPin, go: GoCommand, folder: string): Promise<void> {
  const edits: string[] = [];
  for (const [index, replacement] of pin.replacements.entries()) {
    const name = `replaced-${index}`;
    await writeReplacement(replacement, go, join(folder, name));
    edits.push(`-replace=${replacement.module}=./${name}`);
  }
  if (edits.length > 0) {
    await go.run('mod', 'edit', ...edits);
  }
}

async function writeReplacement(replacement: ModuleReplacement, go: GoCommand, target: string): Promise<void> {
  if (replacement.kind === 'stub') {
    await copyTree(join(modulesFolder, 'stubs', replacement.folder), target);
    return;
  }
  const download: unknown = JSON.parse(await go.run('mod', 'download', '-json', replacement.module));
  if (typeof download !== 'object' || download === null || !('Dir' in download) || typeof download.Dir !== 'string') {
    throw new Error(`go mod download did not say where ${replacement.module} is.`);
  }
  await copyTree(download.Dir, target, replacement.drop);
  if (replacement.add !== undefined) {
    await copyTree(join(modulesFolder, 'stubs', replacement.add), target);
  }
}
