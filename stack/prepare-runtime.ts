import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { RuntimeChoice } from '../harness/config/run-options.js';
import { GauntletError } from '../harness/errors/gauntlet-error.js';
import type { Runtime } from '../harness/model/runtime.js';
import type { BinaryProgress } from './binaries/binary-progress.js';
import { ensureBinaries } from './binaries/ensure-binaries.js';
import { pins, type TraefikVersion } from './binaries/pins.js';
import type { ResolvedBinary } from './binaries/resolved-binary.js';
import { bundleService } from './images/bundle-service.js';
import { type ImageProgress, resolveImages } from './images/resolve-images.js';
import { DockerRuntime } from './runtimes/docker-runtime.js';
import { findDocker } from './runtimes/find-docker.js';
import { FreePorts } from './runtimes/free-ports.js';
import { ProcessRuntime } from './runtimes/process-runtime.js';
import { useReaperIfAvailable } from './runtimes/reaper.js';

/** Which runtime is wanted, and with what. */
export interface RuntimeRequest {
  readonly run: string;
  /** The run's folder; the bundled service is kept there. */
  readonly folder: string;
  readonly choice: RuntimeChoice;
  readonly traefik: TraefikVersion;
  readonly firstPort?: number | undefined;
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PreparationProgress) => void;
}

/** What preparing a runtime is busy with. */
export type PreparationProgress =
  | { readonly type: 'binary'; readonly progress: BinaryProgress }
  | { readonly type: 'image'; readonly progress: ImageProgress };

/** A runtime in which nothing runs yet. */
export interface PreparedRuntime {
  readonly runtime: Runtime;
  /** Why it is this one, for people. */
  readonly reason: string;
  readonly versions: Readonly<Record<string, string>>;
  /** What the programs lack compared with the official ones, a phrase each. */
  readonly leftOut: readonly string[];
}

/**
 * Chooses a runtime and gets everything that it needs: images, or executables. `auto` takes Docker when an engine
 * answers and images can be had, and processes otherwise.
 *
 * @throws GauntletError when Docker was asked for and does not answer, or when neither images nor executables can be had
 */
export async function prepareRuntime(request: RuntimeRequest): Promise<PreparedRuntime> {
  if (request.choice === 'process') return prepareProcesses(request, 'it was asked for');
  const found = await findDocker();
  if (found.docker === undefined) {
    if (request.choice === 'auto') return prepareProcesses(request, found.reason);
    throw new GauntletError(`--runtime docker: ${found.reason}.`, {
      hint: 'Start Docker (or set DOCKER_HOST), or leave out --runtime to run components as processes.',
    });
  }
  const asked = request.choice === 'docker' ? 'it was asked for' : `a Docker engine answers (${found.version})`;
  try {
    return await prepareContainers(request, found.docker, asked);
  } catch (error) {
    if (request.choice === 'docker' || !(error instanceof GauntletError)) throw error;
    return prepareProcesses(request, `Docker answers, but no images can be had: ${error.message}`);
  }
}

async function prepareProcesses(request: RuntimeRequest, reason: string): Promise<PreparedRuntime> {
  const binaries = await ensureBinaries(
    { k6: true, toxiproxy: true, traefik: request.traefik },
    { signal: request.signal, onProgress: (progress) => request.onProgress({ type: 'binary', progress }) },
  );
  const service = await bundleInto(request.folder);
  const executables = {
    traefik: { file: binaries.traefik.path, args: [] },
    toxiproxy: { file: binaries.toxiproxy.path, args: [] },
    k6: { file: binaries.k6.path, args: [] },
    service: { file: process.execPath, args: [service] },
  };
  const ports = new FreePorts(request.firstPort);
  return {
    runtime: new ProcessRuntime(request.run, executables, ports, { keep: request.keep }),
    reason,
    versions: versionsOf(request),
    leftOut: Object.values(binaries).flatMap((binary) => binary.leftOut),
  };
}

async function prepareContainers(request: RuntimeRequest, docker: Docker, reason: string): Promise<PreparedRuntime> {
  await useReaperIfAvailable(docker, { keep: request.keep });
  const service = await bundleInto(request.folder);
  const leftOut: string[] = [];
  const images = await resolveImages(docker, {
    traefik: request.traefik,
    serviceBundle: service,
    onProgress: (progress) => request.onProgress({ type: 'image', progress }),
    executables: async (programs) => {
      const binaries: Readonly<Record<string, ResolvedBinary>> = await ensureBinaries(
        {
          ...(programs.includes('k6') && { k6: true }),
          ...(programs.includes('toxiproxy') && { toxiproxy: true }),
          ...(programs.includes('traefik') && { traefik: request.traefik }),
        },
        { signal: request.signal, onProgress: (progress) => request.onProgress({ type: 'binary', progress }) },
      );
      leftOut.push(...Object.values(binaries).flatMap((binary) => binary.leftOut));
      return Object.fromEntries(Object.values(binaries).map(({ name, path }) => [name, path]));
    },
  });
  return {
    runtime: new DockerRuntime(request.run, docker, images, { keep: request.keep }),
    reason,
    versions: versionsOf(request),
    leftOut,
  };
}

function versionsOf(request: RuntimeRequest): Record<string, string> {
  return {
    k6: pins.k6.version,
    toxiproxy: pins.toxiproxy.version,
    traefik: request.traefik,
    node: process.versions.node,
  };
}

async function bundleInto(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'service.mjs');
  await bundleService(file);
  return file;
}
