import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles a program's source into one file that starts without `node_modules`, in a container or as a process. CommonJS
 * packages in the bundle call `require` for Node's own modules, which an ES module has to be given.
 */
export async function bundleProgram(source: URL, outFile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile: outFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  });
}
