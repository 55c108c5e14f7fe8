import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Docker from 'dockerode';
import type { Image } from '../runtimes/docker-runtime.js';
import { buildImage } from './build-image.js';
import { hasImage } from './has-image.js';
import { librariesOf } from './libraries-of.js';

/** A user without rights and without a name: `nobody` of most systems. */
const NOBODY = '65534:65534';
const ADDON = '/better_sqlite3.node';

/**
 * The image of our own service: this machine's Node and the libraries that it needs, and, where it has been built, the
 * native part of better-sqlite3 for the history. Where this machine is no Linux, its Node cannot run in a container, and
 * the published Node image takes its place.
 *
 * @param options.bundle the bundled service, one JavaScript file
 * @param options.onBuild told of the image's name when it has to be built
 */
export async function resolveServiceImage(
  docker: Docker,
  { bundle, onBuild }: { readonly bundle: string; readonly onBuild: (image: string) => void },
): Promise<Image> {
  const service = { from: bundle, to: '/service.mjs' };
  const addon = process.platform === 'linux' ? findAddon() : undefined;
  const image = `gauntlet/service:node${process.versions.node}-${digest([bundle, ...(addon ? [addon] : [])])}`;
  const resolved = { image, entrypoint: ['/usr/local/bin/node', service.to] };
  if (await hasImage(docker, image)) return resolved;
  onBuild(image);
  const node = process.execPath;
  if (process.platform !== 'linux') {
    await buildImage({ tag: image, files: [service], from: `node:${process.versions.node}-slim`, user: NOBODY });
    return resolved;
  }
  const own = [service, { from: node, to: '/usr/local/bin/node' }, ...(addon ? [{ from: addon, to: ADDON }] : [])];
  const libraries = new Set([...librariesOf(node), ...(addon ? librariesOf(addon) : [])]);
  await buildImage({
    tag: image,
    files: [...own, ...[...libraries].map((path) => ({ from: path, to: path }))],
    env: addon ? { HISTORY_ADDON: ADDON } : {},
    user: NOBODY,
  });
  return resolved;
}

/** The native part of better-sqlite3; undefined where it was never built, which only the history would miss. */
function findAddon(): string | undefined {
  const manifest = createRequire(import.meta.url).resolve('better-sqlite3/package.json');
  const file = join(dirname(manifest), 'build/Release/better_sqlite3.node');
  return existsSync(file) ? file : undefined;
}

function digest(files: readonly string[]): string {
  const hash = createHash('sha256').update(NOBODY);
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
