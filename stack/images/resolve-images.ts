import { join } from 'node:path';
import type Docker from 'dockerode';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import type { Program } from '../../harness/model/runtime.js';
import { modulesFolder, pinKey } from '../binaries/pin-key.js';
import { type BinaryPin, pins, type TraefikVersion } from '../binaries/pins.js';
import type { Image, Images } from '../runtimes/docker-runtime.js';
import { pullImage } from '../runtimes/pull-image.js';
import { buildGoImage } from './build-go-image.js';
import { buildImage } from './build-image.js';
import { hasImage } from './has-image.js';
import { resolveServiceImage } from './resolve-service-image.js';

type BoughtProgram = Exclude<Program, 'service'>;

/** Where Go programs are compiled on a machine that has Docker and no Go. */
const goImage = 'golang:1.26';

/** A program of which an image is wanted. */
interface Wanted {
  readonly program: BoughtProgram;
  readonly pin: BinaryPin;
  /** The image that its makers publish. k6 has none that would do: it lacks our extension. */
  readonly published?: Image;
}

/** Paths of executables on this machine. */
type Executables = Readonly<Partial<Record<BoughtProgram, string>>>;

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
  /** Finds or builds the executables of these programs on this machine; asked only when images have to be built of them. */
  readonly executables: (programs: readonly BoughtProgram[]) => Promise<Executables>;
  readonly onProgress: (progress: ImageProgress) => void;
}

/**
 * Finds an image for every program: one that the engine has, else the published one from its registry, else one built
 * from the executable of this machine, with nothing else in it.
 */
export async function resolveImages(docker: Docker, sources: ImageSources): Promise<Images> {
  const traefik = pins.traefik[sources.traefik];
  const wanted: readonly Wanted[] = [
    {
      program: 'traefik',
      pin: traefik,
      published: { image: `traefik:v${traefik.version}`, entrypoint: ['/usr/local/bin/traefik'] },
    },
    {
      program: 'toxiproxy',
      pin: pins.toxiproxy,
      published: { image: `ghcr.io/shopify/toxiproxy:${pins.toxiproxy.version}`, entrypoint: ['/toxiproxy'] },
    },
    { program: 'k6', pin: pins.k6 },
  ];
  const images: Partial<Record<Program, Image>> = {};
  const missing: Wanted[] = [];
  // One after another: pulls and builds share the same network and disk.
  for (const each of wanted) {
    const found = await findImage(docker, sources, each);
    if (found === undefined) missing.push(each);
    else images[each.program] = found;
  }
  if (missing.length > 0) Object.assign(images, await buildImages(docker, sources, missing));
  const { toxiproxy, k6 } = images;
  if (images.traefik === undefined || toxiproxy === undefined || k6 === undefined)
    throw new Error('an image is missing');
  return {
    traefik: images.traefik,
    toxiproxy,
    k6,
    service: await resolveServiceImage(docker, {
      bundle: sources.serviceBundle,
      onBuild: (image) => sources.onProgress({ program: 'service', phase: 'build', image }),
    }),
  };
}

/** The image that we build of a program. The key changes with the recipe: one of an older recipe is not taken for it. */
async function ownImage({ program, pin }: Wanted): Promise<Image> {
  return { image: `gauntlet/${program}:${pin.version}-${await pinKey(pin)}`, entrypoint: [`/${program}`] };
}

async function findImage(docker: Docker, sources: ImageSources, wanted: Wanted): Promise<Image | undefined> {
  const { program, published } = wanted;
  const own = await ownImage(wanted);
  if (published !== undefined && (await hasImage(docker, published.image))) return published;
  if (await hasImage(docker, own.image)) return own;
  if (published === undefined) return undefined;
  sources.onProgress({ program, phase: 'pull', image: published.image });
  return (await pullImage(docker, published.image)) ? published : undefined;
}

/**
 * Builds images out of the executables of this machine. Where those are for another system, or where there is no Go to
 * build them with, a program without a published image is compiled inside Go's own image.
 */
async function buildImages(
  docker: Docker,
  sources: ImageSources,
  missing: readonly Wanted[],
): Promise<Partial<Record<Program, Image>>> {
  const images: Partial<Record<Program, Image>> = {};
  const inside = process.platform === 'linux' ? [] : missing.filter((each) => each.published === undefined);
  const outside = missing.filter((each) => !inside.includes(each));
  for (const each of inside) images[each.program] = await compileImage(docker, sources, each);
  if (outside.length === 0) return images;
  let executables: Executables;
  try {
    executables = await sources.executables(outside.map((each) => each.program));
  } catch (error) {
    if (!(error instanceof GauntletError) || outside.some((each) => each.published !== undefined)) throw error;
    for (const each of outside) images[each.program] = await compileImage(docker, sources, each, error);
    return images;
  }
  for (const each of outside) {
    const own = await ownImage(each);
    const executable = executables[each.program];
    if (executable === undefined) throw new Error(`no executable of ${each.program}`);
    sources.onProgress({ program: each.program, phase: 'build', image: own.image });
    await buildImage({ tag: own.image, files: [{ from: executable, to: `/${each.program}` }] });
    images[each.program] = own;
  }
  return images;
}

/** @param instead what to throw when Go's image cannot be had */
async function compileImage(
  docker: Docker,
  sources: ImageSources,
  wanted: Wanted,
  instead?: GauntletError,
): Promise<Image> {
  const { program, pin } = wanted;
  if (!(await hasImage(docker, goImage))) {
    sources.onProgress({ program, phase: 'pull', image: goImage });
    if (!(await pullImage(docker, goImage))) {
      throw (
        instead ??
        new GauntletError(`The image ${goImage}, in which ${program} would be compiled, cannot be pulled.`, {
          hint: 'Check the network, or run with --runtime process.',
        })
      );
    }
  }
  const own = await ownImage(wanted);
  sources.onProgress({ program, phase: 'build', image: own.image });
  await buildGoImage({ tag: own.image, from: goImage, folder: join(modulesFolder, pin.moduleFolder), program });
  return own;
}
