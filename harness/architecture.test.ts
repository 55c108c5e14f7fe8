import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** What the files of a folder may import: folders of this list, and packages where `packages` narrows them. */
interface Rule {
  readonly may: readonly string[];
  /** Packages and modules of Node that may be imported. Any, where this is absent. */
  readonly packages?: readonly string[];
}

const words = ['harness/config', 'harness/errors', 'harness/model'];
const judging = [...words, 'harness/checks', 'harness/oracles'];

/** A file belongs to the longest folder that fits. A folder that is not named may be imported only where it is listed. */
const rules: Readonly<Record<string, Rule>> = {
  cli: { may: ['cli', 'chaos/calibration', 'chaos/experiments', 'reports', 'reports/fixtures', 'stack', ...judging] },
  'chaos/experiments': {
    may: [
      'chaos/experiments',
      'chaos',
      'reports',
      'reports/fixtures',
      'reports/ledger',
      'scenarios/runner',
      'scenarios/pure',
      'stack',
      ...judging,
    ],
  },
  'chaos/calibration': {
    may: ['chaos/calibration', 'reports', 'scenarios/runner', 'scenarios/pure', 'stack', ...judging],
  },
  chaos: { may: ['chaos', ...judging] },
  reports: { may: ['reports', 'reports/ledger', 'reports/fixtures', ...judging] },
  'reports/ledger': { may: ['reports/ledger', 'reports/fixtures', ...words] },
  'reports/fixtures': { may: ['reports/fixtures', 'reports', ...words] },
  stack: { may: ['stack', ...judging] },
  'scenarios/runner': { may: ['scenarios/runner', 'scenarios/pure', ...words] },
  'scenarios/pure': { may: ['scenarios/pure'], packages: [] },
  scenarios: { may: ['scenarios', 'scenarios/pure'], packages: ['k6'] },
  'harness/checks': {
    may: ['harness/checks', 'harness/oracles', 'harness/model'],
    packages: [],
  },
  'harness/oracles': {
    may: ['harness/oracles', 'harness/model'],
    packages: ['node:crypto'],
  },
  'harness/config': { may: words },
  'harness/errors': { may: ['harness/errors'], packages: [] },
  'harness/model': { may: ['harness/model'], packages: [] },
  'harness/fixtures': { may: ['harness/fixtures', 'reports/ledger', ...judging] },
  harness: { may: ['harness'] },
  service: { may: ['service'] },
  // Tests only: clients reach the service through a gateway.
  'service/conformance': { may: ['service', 'service/conformance', 'stack'] },
  bench: {
    may: [
      'bench',
      'chaos/experiments',
      'scenarios/runner',
      'scenarios/pure',
      'stack',
      'reports',
      'reports/ledger',
      ...judging,
    ],
  },
  docs: { may: [] },
  '': { may: [] },
};

/** Folders of what exists for tests only. They follow the rule of the folder in which they lie, apart from packages. */
const support = /(^|\/)(fixtures|testing)\//;

const root = fileURLToPath(new URL('..', import.meta.url));
const code = /\.(ts|mts|mjs)$/;
const notOurs = /^(node_modules|\..*|reports\/out)$/;

function codeFiles(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (notOurs.test(path)) return [];
    return entry.isDirectory() ? codeFiles(path) : code.test(path) ? [path] : [];
  });
}

/** The rule's folder that a file belongs to. */
function folderOf(path: string): string {
  const fitting = Object.keys(rules).filter((folder) => folder !== '' && path.startsWith(`${folder}/`));
  return fitting.reduce((longest, folder) => (folder.length > longest.length ? folder : longest), '');
}

/** What a file imports when it runs, as it is written there. esbuild parses it and drops imports of types. */
async function importsOf(path: string, source: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: source, loader: 'ts', sourcefile: path },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'esnext',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    plugins: [
      {
        name: 'leave every import alone',
        setup: ({ onResolve }) => onResolve({ filter: /.*/ }, (found) => ({ path: found.path, external: true })),
      },
    ],
  });
  return Object.values(metafile.inputs).flatMap((input) => input.imports.map((each) => each.path));
}

/** One line for each import that the folder's list does not allow. The project's own package.json is free. */
async function violations(path: string, source: string): Promise<string[]> {
  const folder = folderOf(path);
  const { may, packages } = rules[folder] ?? { may: [] };
  const isTest = path.endsWith('.test.ts') || support.test(path);
  const allowed = isTest && may.includes('harness/model') ? [...may, 'harness/fixtures'] : may;
  const name = folder === '' ? 'the project folder' : folder;
  return (await importsOf(path, source)).flatMap((target) => {
    if (!target.startsWith('.')) {
      const permitted =
        isTest || packages === undefined || packages.some((each) => `${target}/`.startsWith(`${each}/`));
      return permitted ? [] : [`${path} imports the package ${target}; ${name} may import: ${list(packages)}`];
    }
    const file = posix.join(posix.dirname(path), target);
    if (file === 'package.json') return [];
    const permitted = allowed.includes(folderOf(file)) && (isTest || !support.test(file));
    return permitted ? [] : [`${path} imports ${file}; ${name} may import: ${list(allowed)}`];
  });
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}

test('every file imports only what its folder may import', async () => {
  const files = codeFiles().filter((path) => !path.endsWith('.d.ts'));
  expect(files).toContain('harness/model/outcome.ts');
  const found = await Promise.all(files.map((path) => violations(path, readFileSync(join(root, path), 'utf8'))));
  expect(found.flat()).toEqual([]);
});

test.each([
  ['a value from above', 'harness/checks/bad.ts', `import { startStack } from '../../stack/start-stack.js';`],
  ['a sibling', 'stack/components/bad.ts', `export * from '../../reports/percentile.js';`],
  ['what is imported on demand', 'chaos/faults/bad.ts', `await import('../experiments/catalogue.js');`],
  ['what is imported for its effect', 'service/bad.ts', `import '../harness/model/outcome.js';`],
  ['what exists for tests only', 'reports/bad.ts', `import { sampleRun } from './fixtures/sample-run.js';`],
  ['from a folder without a list', 'elsewhere/bad.ts', `import { main } from '../cli/main.js';`],
  ['a package where it would not be pure', 'scenarios/pure/bad.ts', `import http from 'k6/http';`],
])('reports %s', async (_what, path, source) => {
  const [found, ...others] = await violations(path, source);
  expect(found).toMatch(/^\S+\/bad\.ts imports .+; .+ may import: .+$/);
  expect(others).toEqual([]);
});

test('lets pass imports of types, and of fixtures in tests', async () => {
  const types = `import type { Run } from '../../reports/run-schema.js';\nexport const run: Run | undefined = undefined;`;
  expect(await violations('harness/checks/good.ts', types)).toEqual([]);
  const fixture = `import { sampleRun } from './fixtures/sample-run.js';\nsampleRun();`;
  expect(await violations('reports/good.test.ts', fixture)).toEqual([]);
});
