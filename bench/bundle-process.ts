import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles a source file of a benchmark into one that Node runs as a process of its own. CommonJS packages in the bundle
 * call `require` for Node's own modules, which an ES module has to be given.
 */
export async function bundleProcess(source: URL, outFile: string): Promise<void> {
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
