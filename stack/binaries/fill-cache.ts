import { binaryCacheFolder, sweepWorkFolders } from './binary-cache.js';
import type { BinaryHost } from './binary-host.js';

import { buildBinaries } from './build-binaries.js';
import { lockCache } from './cache-lock.js';
import { findBinaries } from './find-binaries.js';
import type { BinaryPin } from './pins.js';
import type { ProgressReporter } from './progress-reporter.js';
import type { ResolvedBinary } from './resolved-binary.js';
import { throwProblems } from './throw-problems.js';

/**
 * Builds `pins` into the cache, except what another run built while this one waited for its turn.
 *
 * @throws {GauntletError} when a build fails.
 */
export async function fillCache(
  pins: readonly BinaryPin[],
  options: {
    readonly go: string;
    readonly host: BinaryHost;
    readonly progress: ProgressReporter;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<readonly ResolvedBinary[]> {
  const { host, progress, signal } = options;
  const purpose = `building ${pins.map(({ name, version }) => `${name} ${version}`).join(', ')}`;
  await using _lock = await lockCache(binaryCacheFolder(host), purpose, {
    signal,
    onWait: (waitingFor) => {
      for (const pin of pins) {
        progress.waiting(pin, waitingFor);
      }
    },
  });
  await sweepWorkFolders(host);
  const { found, missing, problems } = await findBinaries(pins, host, signal);
  throwProblems(problems);
  for (const [pin, binary] of found) {
    progress.done(pin, binary);
  }
  return [...found.values(), ...(await buildBinaries(missing, options))];
}
