import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identify } from './process-identity.js';
import { RunFile, readRunFiles } from './run-file.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const traefik = { pid: 4_000_001, started: '17' };
const service = { pid: 4_000_002, started: '18' };

test('names the harness at once, and each process as soon as it was added', () => {
  const file = new RunFile('run-1', folder);
  const harness = identify(process.pid);
  expect(readRunFiles(folder)).toEqual([
    { path: join(folder, 'run-1.json'), content: { run: 'run-1', harness, processes: [] } },
  ]);
  file.add('traefik', traefik);
  file.add('llm-1', service);
  expect(readRunFiles(folder)[0]?.content.processes).toEqual([
    { name: 'traefik', ...traefik },
    { name: 'llm-1', ...service },
  ]);
});

test('is gone after it was removed, also when that is done twice', () => {
  const file = new RunFile('run-1', folder);
  file.remove();
  file.remove();
  expect(readdirSync(folder)).toEqual([]);
});

test('makes its folder for its own user alone', () => {
  const inner = join(folder, 'deep', 'runs');
  new RunFile('run-1', inner);
  expect(existsSync(join(inner, 'run-1.json'))).toBe(true);
  expect(statSync(inner).mode & 0o777).toBe(0o700);
});

test('is found beside others, and what is no run file is left out', () => {
  new RunFile('run-1', folder);
  new RunFile('run-2', folder);
  writeFileSync(join(folder, 'cut.json'), '{"run":"cut","harn');
  writeFileSync(join(folder, 'wrong.json'), '{"run":"wrong","harness":{"pid":-1,"started":"1"},"processes":[]}');
  writeFileSync(join(folder, 'note.txt'), 'hello');
  expect(readRunFiles(folder).map(({ content }) => content.run)).toEqual(['run-1', 'run-2']);
});

test('a folder that does not exist holds none', () => {
  expect(readRunFiles(join(folder, 'nowhere'))).toEqual([]);
});
