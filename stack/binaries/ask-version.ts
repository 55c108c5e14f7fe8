import type { BinaryPin } from './pins.js';
import { runProcess } from './run-process.js';

/** Longer than any of the programs takes to print its version on a busy machine. */
const timeoutMs = 30_000;

/**
 * Asks an executable for its version in the way of the pinned program.
 *
 * @returns The version without a leading `v`, or `undefined` when it printed none (another program, or broken).
 * @throws the reason of `signal` when it aborted.
 */
export async function askVersion(
  pin: BinaryPin,
  path: string,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly signal?: AbortSignal | undefined },
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  try {
    const { stdout, stderr } = await runProcess(path, pin.versionArguments, { env: options.env, signal });
    return pin.versionPattern.exec(`${stdout}\n${stderr}`)?.[1];
  } catch (error) {
    options.signal?.throwIfAborted();
    if (timeout.aborted) {
      return undefined;
    }
    throw error;
  }
}
