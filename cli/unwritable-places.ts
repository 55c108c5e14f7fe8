import { mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** A place that a command is going to write to, and what the command line calls it. */
export interface Place {
  readonly name: string;
  readonly kind: 'folder' | 'file';
  /** Undefined where the person named none. */
  readonly path: string | undefined;
}

/** Which of these places cannot be written to, a sentence each. Tries it, and leaves nothing behind. */
export async function unwritablePlaces(places: readonly Place[]): Promise<readonly string[]> {
  const problems: string[] = [];
  // One after another: places may lie in each other.
  for (const { name, kind, path } of places) {
    // An empty path is a problem of its own kind.
    if (path === undefined || path === '') continue;
    const full = resolve(path);
    const reason =
      kind === 'file' && (await isFolder(full))
        ? 'it is a folder'
        : await refusal(kind === 'file' ? dirname(full) : full);
    if (reason !== undefined) problems.push(`${name}: ${full} cannot be written: ${reason}`);
  }
  return problems;
}

async function refusal(folder: string): Promise<string | undefined> {
  let made: string | undefined;
  try {
    made = await mkdir(folder, { recursive: true });
    await rmdir(await mkdtemp(join(folder, '.gauntlet-')));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await removeEmpty(folder, made);
  }
}

/** Removes the folders that were made, from `folder` up to `made`; one that is in use by now stays. */
async function removeEmpty(folder: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  try {
    for (let each = folder; each.length >= made.length; each = dirname(each)) await rmdir(each);
  } catch {
    // Another run writes there already.
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
