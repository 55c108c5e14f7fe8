import type { BinaryName } from './pins.js';

/** Where a program was found: named by the caller's environment, kept from an earlier build, on PATH, or built now. */
export type BinarySource = 'explicit' | 'cache' | 'path' | 'built';

/** A program that can be started and that reported the pinned version. */
export interface ResolvedBinary {
  readonly name: BinaryName;
  readonly version: string;
  /** Absolute path of the executable. */
  readonly path: string;
  readonly source: BinarySource;
  /** What this very executable lacks compared with the official one; empty for programs that we did not build. */
  readonly leftOut: readonly string[];
}
