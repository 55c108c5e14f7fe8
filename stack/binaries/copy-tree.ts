import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies a folder, without the paths in `drop` (relative to `from`). Unlike `fs.cp` it does not keep the modes of
 * folders: those in Go's module cache are read-only, and a copy of them could be neither added to nor removed.
 */
export async function copyTree(from: string, to: string, drop: readonly string[] = []): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true });
  for (const entry of entries) {
    if (drop.includes(entry.name)) {
      continue;
    }
    const inside = drop.filter((path) => path.startsWith(`${entry.name}/`));
    if (entry.isDirectory()) {
      const below = inside.map((path) => path.slice(entry.name.length + 1));
      await copyTree(join(from, entry.name), join(to, entry.name), below);
    } else if (entry.isFile()) {
      await copyFile(join(from, entry.name), join(to, entry.name));
    }
  }
}
