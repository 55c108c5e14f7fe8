import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { GauntletError } from '../harness/errors/gauntlet-error.js';
import type { Run } from '../harness/model/run.js';
import { runSchema } from './run-schema.js';

/**
 * Reads `run.json`.
 *
 * @throws {GauntletError} when the file cannot be read or is malformed; all problems are in the one message
 */
export async function readRun(file: string): Promise<Run> {
  const parsed = runSchema.safeParse(parseJson(file, await readText(file)));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${describe(issue)}`);
  throw new GauntletError(`${file} is not a run of this version of gauntlet:\n${problems.join('\n')}`, {
    hint: 'reports/run.schema.json describes the file; `gauntlet analyze` writes it anew from the recorded evidence.',
    cause: parsed.error,
  });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new GauntletError(`Cannot read the run ${file}: ${message(cause)}`, {
      hint: 'Name the folder of a finished run; `gauntlet history` lists them.',
      cause,
    });
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GauntletError(`${file} is not JSON: ${message(cause)}`, { cause });
  }
}

function describe(issue: z.core.$ZodIssue): string {
  const place = issue.path.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : `${path}${path && '.'}${String(key)}`),
    '',
  );
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
