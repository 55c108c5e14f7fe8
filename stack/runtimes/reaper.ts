import type Docker from 'dockerode';
import { pullImage } from './pull-image.js';

const reaperImage = 'testcontainers/ryuk:0.14.0';

/**
 * Lets Testcontainers use its reaper container where the engine has its image or can pull it, and switches it off
 * otherwise; the sweep by label does its work then, at the next start. A stack that is to be kept must not be reaped.
 */
export async function useReaperIfAvailable(docker: Docker, options: { readonly keep: boolean }): Promise<void> {
  if (process.env.TESTCONTAINERS_RYUK_DISABLED !== undefined) return;
  const available = await docker
    .getImage(reaperImage)
    .inspect()
    .then(
      () => true,
      () => pullImage(docker, reaperImage),
    );
  if (!available || options.keep) process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
}
