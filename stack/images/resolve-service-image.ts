import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import type { Image } from '../runtimes/docker-runtime.js';
import { buildImage } from './build-image.js';
import { hasImage } from './has-image.js';
import { librariesOf } from './libraries-of.js';

/**
 * The image of our own service: this machine's Node and the libraries that it needs. Where this machine is no Linux, its
 * Node cannot run in a container, and the published Node image takes its place.
 */
export async function resolveServiceImage(
  docker: Docker,
  options: { readonly bundle: string; readonly onBuild: (image: string) => void },
): Promise<Image> {
  const bundle = { from: options.bundle, to: '/service.mjs' };
  const image = `gauntlet/service:node${process.versions.node}-${digest(options.bundle)}`;
  const resolved = { image, entrypoint: ['/usr/local/bin/node', bundle.to] };
  if (await hasImage(docker, image)) return resolved;
  options.onBuild(image);
  const node = process.execPath;
  if (process.platform === 'linux') {
    const libraries = librariesOf(node).map((path) => ({ from: path, to: path }));
    await buildImage({ tag: image, files: [bundle, { from: node, to: '/usr/local/bin/node' }, ...libraries] });
  } else {
    await buildImage({ tag: image, files: [bundle], from: `node:${process.versions.node}-slim` });
  }
  return resolved;
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
}
