import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** What a page carries besides its content. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

let assets: PageAssets | undefined;

/** The page's script with uPlot bundled in, and its style sheet. Built once in a process. */
export function pageAssets(): PageAssets {
  assets ??= { script: bundleScript(), style: `${uplotStyle()}\n${readFileSync(beside('report.css'), 'utf8')}` };
  return assets;
}

function bundleScript(): string {
  const { outputFiles } = buildSync({
    entryPoints: [beside('browser/main.mts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'ascii',
    banner: { js: '/*! Contains uPlot, copyright Leon Sorokin, MIT license. */' },
  });
  // esbuild keeps `</script` out of the bundle by itself.
  return outputFiles.map((file) => file.text).join('');
}

function uplotStyle(): string {
  return readFileSync(createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css'), 'utf8');
}

function beside(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
