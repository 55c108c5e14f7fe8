import type { Run } from '../harness/model/run.js';
import { runSchema } from './run-schema.js';
import { writeAtomically } from './write-atomically.js';

/** `run` as the text of `run.json`: keys in the schema's order, versions by name, so that equal runs are equal files. */
export function formatRun(run: Run): string {
  const ordered = runSchema.parse(run);
  const versions = Object.fromEntries(Object.entries(ordered.versions).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...ordered, versions }, null, 2)}\n`;
}

/** Writes `run.json`, whole or not at all. */
export async function writeRun(file: string, run: Run): Promise<void> {
  await writeAtomically(file, formatRun(run));
}
