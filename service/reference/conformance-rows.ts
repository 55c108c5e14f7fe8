import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { points } from './conformance-points.js';

const folder = join(import.meta.dirname, '../conformance');

/**
 * Every point of the conformance suite, and a link from `docs/` to the file whose group of tests is about it.
 * @throws Error when a point has no such group, or several
 */
export function conformanceRows(): string[][] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const sources = new Map(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  return Object.entries(points).map(([name, point]) => {
    const about = files.filter((file) => sources.get(file)?.includes(`describe(points.${name},`));
    if (about.length !== 1)
      throw new Error(`the point ${name} has ${about.length} groups of tests: ${about.join(', ')}`);
    return [point, `[${about[0]?.split('/').at(-1)}](../service/conformance/${about[0]})`];
  });
}
