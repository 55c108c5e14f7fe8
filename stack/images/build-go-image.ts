import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer } from 'testcontainers';
import { copyTree } from '../binaries/copy-tree.js';

/** An image of one program that is compiled from a Go module. */
export interface GoImageRecipe {
  readonly tag: string;
  /** Image with Go in which it is compiled. */
  readonly from: string;
  /** Folder of the module; its main package is in the folder itself. */
  readonly folder: string;
  /** Name of the executable, which ends up in the root of the image with nothing else. */
  readonly program: string;
}

/** Compiles a Go module inside a container and keeps the image under its tag. Rejects with Docker's own words. */
export async function buildGoImage({ tag, from, folder, program }: GoImageRecipe): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'gauntlet-image-'));
  try {
    await copyTree(folder, join(context, 'module'));
    await writeFile(
      join(context, 'Dockerfile'),
      `FROM ${from} AS build
WORKDIR /module
COPY module .
RUN mkdir -p /root/image/tmp && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w" -o /root/image/${program} .
FROM scratch
COPY --from=build /root/image /
`,
    );
    await GenericContainer.fromDockerfile(context).build(tag, { deleteOnExit: false });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}
