import type { BinaryName } from './pins.js';
import type { BinarySource } from './resolved-binary.js';

interface ProgressOfBinary {
  /** Position of this program among the requested ones, from 1. */
  readonly ordinal: number;
  readonly total: number;
  readonly name: BinaryName;
  readonly version: string;
  /** Time since `ensureBinaries` was called, in milliseconds. */
  readonly elapsedMs: number;
}

/**
 * What `ensureBinaries` is doing for one program. While a program is waited for, downloaded or compiled, its event
 * repeats about once a second with a new `elapsedMs`; `done` comes exactly once for each program that was resolved.
 */
export type BinaryProgress =
  /** Another run fills the same cache; `waitingFor` says who and what for. */
  | (ProgressOfBinary & { readonly phase: 'wait'; readonly waitingFor: string })
  | (ProgressOfBinary & { readonly phase: 'download'; readonly phaseElapsedMs: number; readonly expectedMs: number })
  | (ProgressOfBinary & { readonly phase: 'compile'; readonly phaseElapsedMs: number; readonly expectedMs: number })
  | (ProgressOfBinary & { readonly phase: 'done'; readonly source: BinarySource; readonly path: string });
