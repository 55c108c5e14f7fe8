import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import type { BinaryHost } from './binary-host.js';

/** The problem of a machine on which nothing is built, if this is one: process groups need a Unix, Go a 64-bit CPU. */
export function checkPlatform({ platform, arch }: BinaryHost): GauntletError | undefined {
  if ((platform === 'linux' || platform === 'darwin') && (arch === 'x64' || arch === 'arm64')) {
    return undefined;
  }
  return new GauntletError(
    `The programs cannot be built on ${platform} ${arch}; Linux and macOS on x64 or arm64 can.`,
    {
      hint: 'Run on one of those (on Windows: in WSL 2), or name ready programs with GAUNTLET_K6, GAUNTLET_TOXIPROXY and GAUNTLET_TRAEFIK.',
    },
  );
}
