import type { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { checkCacheWritable } from './binary-cache.js';
import type { BinaryHost } from './binary-host.js';
import { findGo } from './go-toolchain.js';
import type { BinaryPin } from './pins.js';
import { checkPlatform } from './supported-platform.js';

/** The `go` that builds `pins` (empty when there is none) and everything that stands in the way of the build. */
export async function checkBuildRequirements(
  pins: readonly BinaryPin[],
  host: BinaryHost,
  signal?: AbortSignal,
): Promise<{ readonly go: string; readonly problems: readonly GauntletError[] }> {
  const toolchain = await findGo(pins, host, signal);
  const problems = [
    checkPlatform(host),
    'problem' in toolchain ? toolchain.problem : undefined,
    await checkCacheWritable(host),
  ].filter((problem) => problem !== undefined);
  return { go: 'go' in toolchain ? toolchain.go : '', problems };
}
