import { bundleProgram } from './bundle-program.js';

/** Bundles the reference service. */
export async function bundleService(outFile: string): Promise<void> {
  await bundleProgram(new URL('../../service/main.ts', import.meta.url), outFile);
}
