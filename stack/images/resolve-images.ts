import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import type { Program } from '../../harness/model/runtime.js';
import { pinKey } from '../binaries/pin-key.js';
import { type BinaryPin, pins, type TraefikVersion } from '../binaries/pins.js';
import type { Images } from '../runtimes/docker-runtime.js';
import { pullImage } from '../runtimes/pull-image.js';
import { buildImage } from './build-image.js';
import { librariesOf } from './libraries-of.js';

type BoughtProgram = Exclude<Program, 'service'>;

/** A program of others of which an image is wanted. */
interface Wanted {
  readonly program: BoughtProgram;
  readonly pin: BinaryPin;
  /** The image that its makers publish, with the executable inside. */
  readonly official: { readonly image: string; readonly executable: string };
}

/** What {@link resolveImages} says while it works. */
export interface ImageProgress {
  readonly program: Program;
  readonly phase: 'pull' | 'build';
  readonly image: string;
}

/** Where images can come from besides the engine itself. */
export interface ImageSources {
  readonly traefik: TraefikVersion;
  /** The bundled service, one JavaScript file. */
  readonly serviceBundle: string;
  /** The executables on this machine, out of which images are then built; asked for only when needed. */
  readonly executables: () => Promise<Readonly<Record<BoughtProgram, string>>>;
  readonly onProgress: (progress: ImageProgress) => void;
}

/**
 * Finds an image for every program: one that the engine has, else the published one from its registry, else one built
 * from the executables of this machine, with nothing else in it.
 */
export async function resolveImages(docker: Docker, sources: ImageSources): Promise<Images> {
  const traefik = pins.traefik[sources.traefik];
  // One after another: pulls and builds share the same network and disk.
  return {
    traefik: await resolveImage(docker, sources, {
      program: 'traefik',
      pin: traefik,
      official: { image: `traefik:v${traefik.version}`, executable: '/usr/local/bin/traefik' },
    }),
    toxiproxy: await resolveImage(docker, sources, {
      program: 'toxiproxy',
      pin: pins.toxiproxy,
      official: { image: `ghcr.io/shopify/toxiproxy:${pins.toxiproxy.version}`, executable: '/toxiproxy' },
    }),
    k6: await resolveImage(docker, sources, {
      program: 'k6',
      pin: pins.k6,
      official: { image: `grafana/k6:${pins.k6.version}`, executable: '/usr/bin/k6' },
    }),
    service: await resolveServiceImage(docker, sources),
  };
}

async function resolveImage(
  docker: Docker,
  sources: ImageSources,
  { program, pin, official }: Wanted,
): Promise<Images[Program]> {
  const published = { image: official.image, entrypoint: [official.executable] };
  // The key changes with the build's recipe, so an image of an older recipe is not taken for this one.
  const own = { image: `gauntlet/${program}:${pin.version}-${await pinKey(pin)}`, entrypoint: [`/${program}`] };
  if (await has(docker, published.image)) return published;
  if (await has(docker, own.image)) return own;
  sources.onProgress({ program, phase: 'pull', image: published.image });
  if (await pullImage(docker, published.image)) return published;
  const executables = await sources.executables();
  sources.onProgress({ program, phase: 'build', image: own.image });
  await buildImage({ tag: own.image, files: [{ from: executables[program], to: `/${program}` }] });
  return own;
}

/**
 * The image of our own service: this machine's Node and the libraries that it needs. Where this machine is no Linux, its
 * Node cannot run in a container, and the published Node image takes its place.
 */
async function resolveServiceImage(
  docker: Docker,
  { serviceBundle, onProgress }: ImageSources,
): Promise<Images[Program]> {
  const bundle = { from: serviceBundle, to: '/service.mjs' };
  const image = `gauntlet/service:node${process.versions.node}-${digest(serviceBundle)}`;
  const resolved = { image, entrypoint: ['/usr/local/bin/node', bundle.to] };
  if (await has(docker, image)) return resolved;
  onProgress({ program: 'service', phase: 'build', image });
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

async function has(docker: Docker, image: string): Promise<boolean> {
  return docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}
