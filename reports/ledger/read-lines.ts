import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { ZodType } from 'zod';

/** Rows of an evidence file, and what is wrong with the file, a sentence each. */
export interface Lines<T> {
  readonly rows: readonly T[];
  readonly gaps: readonly string[];
}

/**
 * Reads a file of JSON lines (gzip when its name ends in `.gz`). A line that is cut off or malformed is counted and
 * named as a gap, and so is a missing file; neither is passed over in silence.
 *
 * @param pick turns a parsed line into a row, or into undefined for a line that is of no interest
 */
export async function readLines<S, T>(
  path: string,
  label: string,
  schema: ZodType<S>,
  pick: (line: S) => T | undefined,
): Promise<Lines<T>> {
  if (!existsSync(path)) return { rows: [], gaps: [`${label} is missing`] };
  let text: string;
  try {
    const bytes = await readFile(path);
    text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    return { rows: [], gaps: [`${label} cannot be read: ${(error as Error).message}`] };
  }
  const rows: T[] = [];
  const bad: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    try {
      const row = pick(schema.parse(JSON.parse(line)));
      if (row !== undefined) rows.push(row);
    } catch {
      bad.push(index + 1);
    }
  }
  const gaps = bad.length === 0 ? [] : [`${label} has ${bad.length} malformed lines, the first is line ${bad[0]}`];
  return { rows, gaps };
}
