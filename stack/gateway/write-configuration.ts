import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringify } from 'yaml';

/**
 * Writes a configuration tree as YAML, by temporary file and rename: Traefik applies a half-written file as if it were
 * whole, and an empty one as "no routes".
 */
export async function writeConfiguration(path: string, tree: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.new`;
  await writeFile(unfinished, stringify(tree));
  await rename(unfinished, path);
}
