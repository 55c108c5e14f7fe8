import type { BinaryPin } from './pins.js';
import { runProcess } from './run-process.js';

/** Longer than any of the programs takes to print its version on a busy machine. */
const timeoutMs = 30_000;

/**
 * Asks an executable for its version in the way of the pinned program.
 *
 * @returns The version without a leading `v`, with a remark behind it when what we add is not there, so that it equals no
 *   pinned version; `undefined` when it printed none (another program, or broken).
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
    const said = `${stdout}\n${stderr}`;
    const version = pin.versionPattern.exec(said)?.[1];
    const lacks = pin.addition !== undefined && !pin.addition.pattern.test(said);
    return version !== undefined && lacks ? `${version} without ${pin.addition?.name}` : version;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (timeout.aborted) {
      return undefined;
    }
    throw error;
  }
}
