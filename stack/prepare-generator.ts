import type { Runtime } from '../harness/model/runtime.js';
import type { BinaryProgress } from './binaries/binary-progress.js';
import { ensureBinaries } from './binaries/ensure-binaries.js';
import { pins } from './binaries/pins.js';
import { FreePorts } from './runtimes/free-ports.js';
import { ProcessRuntime } from './runtimes/process-runtime.js';

/**
 * Prepares a runtime for the load generator alone: no gateway, no service. Always processes, because what is measured
 * there is the generator and this machine, and in a container both would be the same.
 *
 * @throws GauntletError when there is no k6 and none can be built
 */
export async function prepareGenerator(request: {
  readonly run: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BinaryProgress) => void;
}): Promise<{ readonly runtime: Runtime; readonly versions: Readonly<Record<string, string>> }> {
  const { k6 } = await ensureBinaries({ k6: true }, { signal: request.signal, onProgress: request.onProgress });
  return {
    runtime: new ProcessRuntime(request.run, { k6: { file: k6.path, args: [] } }, new FreePorts()),
    versions: { k6: pins.k6.version, node: process.versions.node },
  };
}
