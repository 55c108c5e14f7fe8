import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { exitCodes } from '../../harness/errors/exit-code.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';

const scenariosFolder = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles a scenario for k6: one ES module, k6's own modules left out, source map inline so that k6's stack traces name
 * the TypeScript lines.
 *
 * @throws GauntletError when the scenario does not exist or does not bundle, with esbuild's own words
 */
export async function bundleScenario(scenario: string, outFile: string): Promise<void> {
  const entry = join(scenariosFolder, `${scenario}.ts`);
  if (!existsSync(entry)) {
    const known = readdirSync(scenariosFolder).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
    throw new GauntletError(`There is no scenario "${scenario}".`, {
      hint: `Scenarios: ${known.map((name) => name.slice(0, -'.ts'.length)).join(', ')}.`,
    });
  }
  try {
    await build({
      entryPoints: [entry],
      outfile: outFile,
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      external: ['k6', 'k6/*'],
      sourcemap: 'inline',
      logLevel: 'silent',
    });
  } catch (error) {
    throw new GauntletError(`The scenario "${scenario}" cannot be bundled: ${(error as Error).message}`, {
      exitCode: exitCodes.internalFault,
      cause: error,
    });
  }
}
