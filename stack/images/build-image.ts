import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GenericContainer } from 'testcontainers';

/** An image made of nothing but files of this machine. */
export interface ImageRecipe {
  readonly tag: string;
  /** Where each file comes from and where it goes. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  /** Image to start from; nothing at all by default. */
  readonly from?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Who its program runs as, `uid:gid`; the superuser unless given. */
  readonly user?: string;
}

/** Builds an image out of files and keeps it under its tag. Rejects with Docker's own words. */
export async function buildImage(recipe: ImageRecipe): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'gauntlet-image-'));
  try {
    for (const { from, to } of recipe.files) {
      const target = join(context, 'root', to);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(from, target);
    }
    // A temporary folder: programs expect one, and an empty image has none.
    await mkdir(join(context, 'root', 'tmp'), { recursive: true });
    await writeFile(join(context, 'root', 'tmp', '.keep'), '');
    const lines = [
      `FROM ${recipe.from ?? 'scratch'}`,
      'COPY root /',
      ...Object.entries(recipe.env ?? {}).map(([name, value]) => `ENV ${name}=${value}`),
      ...(recipe.user === undefined ? [] : [`USER ${recipe.user}`]),
    ];
    await writeFile(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
    await GenericContainer.fromDockerfile(context).build(recipe.tag, { deleteOnExit: false });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}
