import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import type { BinaryHost } from './binary-host.js';
import { findBinary } from './find-binary.js';
import type { BinaryPin } from './pins.js';
import type { ResolvedBinary } from './resolved-binary.js';

/** What a search for several programs gave. Every pin is in `found`, in `missing` or the cause of a problem. */
export interface FoundBinaries {
  readonly found: ReadonlyMap<BinaryPin, ResolvedBinary>;
  readonly missing: readonly BinaryPin[];
  readonly problems: readonly GauntletError[];
}

/** Looks for each of `pins` as `findBinary` does, and collects the problems instead of stopping at the first. */
export async function findBinaries(
  pins: readonly BinaryPin[],
  host: BinaryHost,
  signal?: AbortSignal,
): Promise<FoundBinaries> {
  const found = new Map<BinaryPin, ResolvedBinary>();
  const missing: BinaryPin[] = [];
  const problems: GauntletError[] = [];
  for (const pin of pins) {
    try {
      const binary = await findBinary(pin, host, signal);
      if (binary === undefined) {
        missing.push(pin);
      } else {
        found.set(pin, binary);
      }
    } catch (error) {
      if (!(error instanceof GauntletError)) {
        throw error;
      }
      problems.push(error);
    }
  }
  return { found, missing, problems };
}
