import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runFolderVariable } from './run-folder-variable.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const report = z.looseObject({
  numTotalTests: z.number(),
  numPassedTests: z.number(),
  testResults: z.array(
    z.looseObject({
      message: z.string().optional(),
      assertionResults: z.array(
        z.looseObject({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** What Vitest made of a recorded run. `failures` has a line for each assertion that did not pass. */
export interface AssertedRun {
  readonly total: number;
  readonly passed: number;
  readonly failures: readonly string[];
}

/**
 * Runs the Vitest assertions of the experiments on a recorded run. Their report stays in the run's folder.
 *
 * @param experiments ids of the experiments that were run
 */
export async function assertRun(folder: string, experiments: readonly string[]): Promise<AssertedRun> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const outputFile = join(folder, 'vitest.json');
  const files = experiments.map((id) => `chaos/experiments/${id}.experiment.ts`);
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--project', 'experiment', '--reporter', 'json', '--outputFile', outputFile, ...files],
    { cwd: root, env: { ...process.env, [runFolderVariable]: folder }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  const text = await readFile(outputFile, 'utf8').catch(() => undefined);
  if (text === undefined) return { total: 0, passed: 0, failures: [`Vitest wrote no report: ${words.trim()}`] };
  const { numTotalTests, numPassedTests, testResults } = report.parse(JSON.parse(text));
  const failures = testResults.flatMap((file) => [
    ...(file.assertionResults.length === 0 ? [file.message ?? 'a file of assertions did not load'] : []),
    ...file.assertionResults
      .filter((assertion) => assertion.status !== 'passed')
      .map(
        (assertion) => `${assertion.fullName}: ${assertion.failureMessages?.[0]?.split('\n')[0] ?? assertion.status}`,
      ),
  ]);
  return { total: numTotalTests, passed: numPassedTests, failures };
}
