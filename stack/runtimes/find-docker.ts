import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';

const askMs = 3_000;

/** A Docker engine that answers, or why there is none. */
export type DockerSearch =
  | { readonly docker: Docker; readonly version: string }
  | { readonly docker: undefined; readonly reason: string };

/**
 * Looks for a Docker engine: at `DOCKER_HOST` if that is set, else at the usual sockets. When it finds one elsewhere than
 * `DOCKER_HOST` says, it sets that variable, so that Testcontainers takes the same engine.
 */
export async function findDocker(environment: NodeJS.ProcessEnv = process.env): Promise<DockerSearch> {
  const sockets = ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock')];
  const named = environment.DOCKER_HOST;
  const socket = sockets.find((path) => existsSync(path));
  if (!named && socket === undefined) {
    return { docker: undefined, reason: `no Docker engine: DOCKER_HOST is not set and ${sockets[0]} does not exist` };
  }
  const docker = named ? new Docker() : new Docker({ socketPath: socket as string });
  const where = named || `${socket}`;
  try {
    const { Version } = await within(docker.version(), askMs);
    if (!named) environment.DOCKER_HOST = `unix://${socket}`;
    return { docker, version: Version };
  } catch (error) {
    return { docker: undefined, reason: `the Docker engine at ${where} does not answer (${(error as Error).message})` };
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
