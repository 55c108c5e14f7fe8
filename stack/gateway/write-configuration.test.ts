import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeConfiguration } from './write-configuration.js';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-configuration-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('writes the tree as YAML, makes the folder and leaves no unfinished file', async () => {
  const path = join(folder, 'dynamic', 'routes.yml');
  const tree = { http: { routers: { 'a.subject': { rule: 'Host(`a.test`)', tls: {} } } } };
  await writeConfiguration(path, tree);
  expect(parse(readFileSync(path, 'utf8'))).toEqual(tree);
  expect(readdirSync(join(folder, 'dynamic'))).toEqual(['routes.yml']);
});

test('replaces what was there', async () => {
  const path = join(folder, 'routes.yml');
  await writeConfiguration(path, { long: 'x'.repeat(10_000) });
  await writeConfiguration(path, { short: 1 });
  expect(readFileSync(path, 'utf8')).toBe('short: 1\n');
  expect(readdirSync(folder)).toEqual(['routes.yml']);
});
