import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles `main.ts` as it is deployed, into a new folder that has no `node_modules`; returns that folder and the file. */
export async function bundleService(): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'llm-service-bundle-'));
  const file = join(folder, 'service.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, '../main.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    // Express is CommonJS and requires Node's own modules, for which an ESM bundle has no `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return { folder, file };
}
