import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.js';
import { writeAtomically } from './write-atomically.js';

describe('writeAtomically', () => {
  test('replaces a file and leaves nothing else in its folder', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'nested', 'report.html');
    await writeAtomically(file, 'first');
    await writeAtomically(file, 'second');
    expect(readFileSync(file, 'utf8')).toBe('second');
    expect(readdirSync(join(folder.path, 'nested'))).toEqual(['report.html']);
  });

  test('removes its temporary file when it cannot finish', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'run.json'));
    await expect(writeAtomically(join(folder.path, 'run.json'), 'content')).rejects.toThrow();
    expect(readdirSync(folder.path)).toEqual(['run.json']);
  });
});
