import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import type { Program } from '../../harness/model/runtime.js';
import type { Images } from '../runtimes/docker-runtime.js';
import { pullImage } from '../runtimes/pull-image.js';
import { buildImage } from './build-image.js';
import { librariesOf } from './libraries-of.js';

/** A program of which an image is wanted. */
interface Wanted {
  readonly program: Program;
  readonly version: string;
  /** The image that its makers publish, with the executable inside; absent for our own service. */
  readonly official?: { readonly image: string; readonly executable: string };
}

/** What {@link resolveImages} says while it works. */
export interface ImageProgress {
  readonly program: Program;
  readonly phase: 'pull' | 'build';
  readonly image: string;
}

/** Where images can come from besides the engine itself. */
export interface ImageSources {
  readonly traefikVersion: string;
  readonly k6Version: string;
  readonly toxiproxyVersion: string;
  /** The bundled service, one JavaScript file. */
  readonly serviceBundle: string;
  /** The executables on this machine, out of which images are then built; asked for only when needed. */
  readonly executables: () => Promise<Readonly<Record<Exclude<Program, 'service'>, string>>>;
  readonly onProgress: (progress: ImageProgress) => void;
}

/**
 * Finds an image for every program: one that the engine has, else the published one from its registry, else one built
 * from the executables of this machine, with nothing else in it.
 */
export async function resolveImages(docker: Docker, sources: ImageSources): Promise<Images> {
  const wanted: readonly Wanted[] = [
    {
      program: 'traefik',
      version: sources.traefikVersion,
      official: { image: `traefik:v${sources.traefikVersion}`, executable: '/usr/local/bin/traefik' },
    },
    {
      program: 'toxiproxy',
      version: sources.toxiproxyVersion,
      official: { image: `ghcr.io/shopify/toxiproxy:${sources.toxiproxyVersion}`, executable: '/toxiproxy' },
    },
    {
      program: 'k6',
      version: sources.k6Version,
      official: { image: `grafana/k6:${sources.k6Version}`, executable: '/usr/bin/k6' },
    },
    { program: 'service', version: `node${process.versions.node}-${digest(sources.serviceBundle)}` },
  ];
  const images: Partial<Record<Program, Images[Program]>> = {};
  // One after another: pulls and builds share the same network and disk.
  for (const each of wanted) images[each.program] = await resolveImage(docker, each, sources);
  return images as Images;
}

async function resolveImage(docker: Docker, wanted: Wanted, sources: ImageSources): Promise<Images[Program]> {
  const { program, version, official } = wanted;
  const own = `gauntlet/${program}:${version}`;
  const entrypoint = program === 'service' ? ['/usr/local/bin/node', '/service.mjs'] : [`/${program}`];
  if (official && (await has(docker, official.image))) {
    return { image: official.image, entrypoint: [official.executable] };
  }
  if (await has(docker, own)) return { image: own, entrypoint };
  if (official) {
    sources.onProgress({ program, phase: 'pull', image: official.image });
    if (await pullImage(docker, official.image)) return { image: official.image, entrypoint: [official.executable] };
  }
  sources.onProgress({ program, phase: 'build', image: own });
  await buildImage({
    tag: own,
    files: program === 'service' ? serviceFiles(sources) : await programFiles(program, sources),
  });
  return { image: own, entrypoint };
}

function serviceFiles({ serviceBundle }: ImageSources): { from: string; to: string }[] {
  return [
    { from: process.execPath, to: '/usr/local/bin/node' },
    { from: serviceBundle, to: '/service.mjs' },
    ...librariesOf(process.execPath).map((path) => ({ from: path, to: path })),
  ];
}

async function programFiles(
  program: Exclude<Program, 'service'>,
  sources: ImageSources,
): Promise<{ from: string; to: string }[]> {
  const executables = await sources.executables();
  return [{ from: executables[program], to: `/${program}` }];
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
