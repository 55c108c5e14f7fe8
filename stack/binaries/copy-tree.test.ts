import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyTree } from './copy-tree.js';

test('copies a read-only tree without what is dropped, and the copy can be changed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-copy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const from = join(folder, 'from');
  await mkdir(join(from, 'providers', 'dns'), { recursive: true });
  await mkdir(join(from, 'providers', 'http'));
  for (const file of ['machine.go', 'encoder.go', 'providers/dns/table.go', 'providers/http/server.go']) {
    await writeFile(join(from, file), 'package x');
  }
  await chmod(join(from, 'providers', 'http'), 0o555);

  const to = join(folder, 'to');
  await copyTree(from, to, ['machine.go', 'providers/dns']);
  expect((await readdir(to, { recursive: true })).sort()).toEqual([
    'encoder.go',
    'providers',
    'providers/http',
    'providers/http/server.go',
  ]);
  await expect(writeFile(join(to, 'providers', 'http', 'added.go'), '')).resolves.toBeUndefined();
});
