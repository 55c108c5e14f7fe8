import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { binaryCacheFolder } from './binary-cache.js';
import type { BinaryProgress } from './binary-progress.js';
import { ensureBinaries } from './ensure-binaries.js';
import { FakeGo } from './fake-go.js';

/** How long a condition is awaited on a busy machine. */
const patience = { timeout: 20_000 };

async function fakeGo(options?: Parameters<typeof FakeGo.create>[0]): Promise<FakeGo> {
  const fake = await FakeGo.create(options);
  onTestFinished(() => fake[Symbol.asyncDispose]());
  return fake;
}

async function failure(promise: Promise<unknown>): Promise<GauntletError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GauntletError);
  return error as GauntletError;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const workFolders = async (fake: FakeGo) =>
  (await readdir(binaryCacheFolder(fake.host))).filter((name) => name.startsWith('.'));

test('builds what is not there and finds it in the cache afterwards', async () => {
  const fake = await fakeGo();
  const request = { k6: true, toxiproxy: true, traefik: '3.7.5' } as const;

  const built = await ensureBinaries(request, { host: fake.host });
  expect(built).toMatchObject({
    k6: { version: '2.2.0', source: 'built', leftOut: [] },
    toxiproxy: { version: '2.12.0', source: 'built' },
    traefik: {
      version: '3.7.5',
      source: 'built',
      leftOut: [expect.stringContaining('DNS-01'), expect.anything(), expect.anything()],
    },
  });
  expect(await workFolders(fake)).toEqual([]);

  const cached = await ensureBinaries(request, { host: fake.host });
  expect(cached.traefik).toEqual({ ...built.traefik, source: 'cache' });
  expect(cached.k6.path.startsWith(binaryCacheFolder(fake.host))).toBe(true);
  expect(await fake.builds()).toBe(3);
});

test('reports each program through its phases, with its place among all', async () => {
  const fake = await fakeGo();
  const events: BinaryProgress[] = [];
  await ensureBinaries({ k6: true, traefik: '3.6.12' }, { host: fake.host, onProgress: (event) => events.push(event) });

  const traefik = events.filter(({ name }) => name === 'traefik');
  expect([...new Set(traefik.map(({ phase }) => phase))]).toEqual(['download', 'compile', 'done']);
  expect(traefik.at(-1)).toMatchObject({ ordinal: 2, total: 2, version: '3.6.12', source: 'built' });
  expect(events.findIndex((e) => e.name === 'k6' && e.phase === 'done')).toBeLessThan(
    events.findIndex((e) => e.name === 'traefik' && e.phase === 'compile'),
  );
});

test('takes the program that the environment names', async () => {
  const fake = await fakeGo();
  const path = await fake.addProgram(
    'my-k6',
    'echo "k6 v2.2.0 (commit/abc)"; echo "  our/client , k6/x/gauntlet [js]"',
  );
  const { k6 } = await ensureBinaries({ k6: true }, { host: fake.with({ GAUNTLET_K6: path }) });
  expect(k6).toEqual({ name: 'k6', version: '2.2.0', path, source: 'explicit', leftOut: [] });
  expect(await fake.builds()).toBe(0);
});

test('says all that is wrong with the named programs at once', async () => {
  const fake = await fakeGo();
  const k6 = await fake.addProgram('old-k6', 'echo "k6 v0.49.0 (go1.21)"');
  const toxiproxy = await fake.addProgram('other', 'echo hello');
  const host = fake.with({ GAUNTLET_K6: k6, GAUNTLET_TOXIPROXY: toxiproxy, GAUNTLET_TRAEFIK: '/nowhere/traefik' });

  const error = await failure(ensureBinaries({ k6: true, toxiproxy: true, traefik: '3.7.5' }, { host }));
  expect(error.message).toContain('which is k6 0.49.0 without the extension k6/x/gauntlet; 2.2.0 is needed');
  expect(error.message).toContain('does not report a version of toxiproxy');
  expect(error.message).toContain('GAUNTLET_TRAEFIK names /nowhere/traefik, which is not an executable file');
  expect(error.hint).toContain('Set GAUNTLET_K6');
  expect(error.exitCode).toBe(3);
});

test('does not take a k6 without the extension', async () => {
  const fake = await fakeGo();
  const path = await fake.addProgram('plain-k6', 'echo "k6 v2.2.0 (go1.26)"');
  const error = await failure(ensureBinaries({ k6: true }, { host: fake.with({ GAUNTLET_K6: path }) }));
  expect(error.message).toContain('which is k6 2.2.0 without the extension k6/x/gauntlet; 2.2.0 is needed');
});

test('takes a program on PATH only at the pinned version, and never k6, which we extend', async () => {
  const fake = await fakeGo();
  const path = await fake.addProgram('toxiproxy-server', 'echo "toxiproxy-server version 2.12.0"');
  await fake.addProgram('traefik', 'echo "Version:      3.0.0"');
  await fake.addProgram('k6', 'echo "k6 v2.2.0 (go1.26)"');

  const request = { k6: true, toxiproxy: true, traefik: '3.7.5' } as const;
  const { k6, toxiproxy, traefik } = await ensureBinaries(request, { host: fake.host });
  expect(toxiproxy).toMatchObject({ source: 'path', path });
  expect([k6.source, traefik.source]).toEqual(['built', 'built']);
});

test('two calls at once build once, and the second says what it waits for', async () => {
  const fake = await fakeGo({ build: 'gate' });
  const waits: string[] = [];
  const onProgress = (event: BinaryProgress) => event.phase === 'wait' && waits.push(event.waitingFor);
  const both = Promise.all([
    ensureBinaries({ k6: true }, { host: fake.host, onProgress }),
    ensureBinaries({ k6: true }, { host: fake.host, onProgress }),
  ]);
  await vi.waitFor(() => expect(waits).toContain(`process ${process.pid}, which is building k6 2.2.0`), patience);
  await fake.openGate();
  expect((await both).map(({ k6 }) => k6.source).sort()).toEqual(['built', 'cache']);
  expect(await fake.builds()).toBe(1);
});

test('an aborted build ends every process of it and leaves nothing', async () => {
  const fake = await fakeGo({ build: 'hang' });
  const controller = new AbortController();
  const run = ensureBinaries({ k6: true, traefik: '3.7.5' }, { host: fake.host, signal: controller.signal });
  run.catch(() => {});
  const processes = await vi.waitFor(() => fake.hangingProcesses(), patience);

  controller.abort(new Error('interrupted by the test'));
  await expect(run).rejects.toThrow('interrupted by the test');
  await vi.waitFor(() => expect(processes.filter(isAlive)).toEqual([]), patience);
  expect(await readdir(binaryCacheFolder(fake.host))).toEqual([]);
});

test('a build whose run was killed ends by itself, and the next run takes over', async () => {
  const fake = await fakeGo({ build: 'hang' });
  const program = `
    import { ensureBinaries } from ${JSON.stringify(new URL('./ensure-binaries.ts', import.meta.url).href)};
    await ensureBinaries({ k6: true }, { host: ${JSON.stringify(fake.host)} });`;
  const tsx = import.meta.resolve('tsx');
  const run = spawn(process.execPath, ['--import', tsx, '--input-type=module', '--eval', program], {
    stdio: 'inherit',
  });
  onTestFinished(() => void run.kill('SIGKILL'));
  const processes = await vi.waitFor(() => fake.hangingProcesses(), patience);
  expect(await workFolders(fake)).toHaveLength(1);
  expect(JSON.parse(await readFile(join(binaryCacheFolder(fake.host), 'build.lock'), 'utf8'))).toMatchObject({
    identity: { pid: run.pid },
    purpose: 'building k6 2.2.0',
  });

  run.kill('SIGKILL');
  await vi.waitFor(() => expect(processes.filter(isAlive)).toEqual([]), patience);
  const { k6 } = await ensureBinaries({ k6: true }, { host: fake.with({ FAKE_GO_BUILD: '' }) });
  expect(k6.source).toBe('built');
  expect(await workFolders(fake)).toEqual([]);
});

test('a wait for the cache can be aborted', async () => {
  const fake = await fakeGo({ build: 'hang' });
  const holder = new AbortController();
  const first = ensureBinaries({ k6: true }, { host: fake.host, signal: holder.signal });
  first.catch(() => {});
  await vi.waitFor(() => fake.hangingProcesses(), patience);

  const waiter = new AbortController();
  const second = ensureBinaries(
    { k6: true },
    { host: fake.host, signal: waiter.signal, onProgress: ({ phase }) => phase === 'wait' && waiter.abort() },
  );
  await expect(second).rejects.toThrow(/abort/i);
  holder.abort();
  await expect(first).rejects.toThrow(/abort/i);
});

test('says all that a build lacks at once: Go, a platform and a cache', async () => {
  const fake = await fakeGo();
  const file = join(fake.folder, 'file');
  await writeFile(file, '');
  const host = { ...fake.with({ PATH: join(fake.folder, 'empty'), XDG_CACHE_HOME: file }), arch: 'ia32' } as const;

  const error = await failure(ensureBinaries({ k6: true, toxiproxy: true }, { host }));
  expect(error.message).toContain('Go is not installed; k6 2.2.0, toxiproxy 2.12.0 must be built');
  expect(error.message).toContain('ia32');
  expect(error.message).toMatch(/cache folder .*file\/gauntlet\/bin: ENOTDIR/);
  expect(error.hint).toMatch(/Install Go 1\.25\.0 or newer.*--runtime docker/);
  expect(error.hint).toContain('XDG_CACHE_HOME');
});

test('says which Go is needed when the installed one is too old', async () => {
  const fake = await fakeGo({ version: 'go1.24.3' });
  const error = await failure(ensureBinaries({ k6: true, traefik: '3.7.5' }, { host: fake.host }));
  expect(error.message).toMatch(/cannot build traefik 3\.7\.5, which needs Go 1\.26\.0: it is Go 1\.24\.3/);
});

test.each([
  ['compile: writing output: no space left on device', /disk is full/, /about 3 GB/],
  ['Get "https://proxy.example/x": dial tcp: lookup proxy.example: no such host', /proxy cannot be reached/, /GOPROXY/],
  [
    'main.go:3:1: syntax error: unexpected }',
    /Go could not build k6 2\.2\.0:\nmain\.go:3:1: syntax error/,
    /GAUNTLET_K6/,
  ],
])('a failed build says why: %s', async (output, message, hint) => {
  const fake = await fakeGo({ build: output });
  const error = await failure(ensureBinaries({ k6: true, traefik: '3.7.5' }, { host: fake.host }));
  expect(error.message).toMatch(message);
  expect(error.message).toContain(output);
  expect(error.hint).toMatch(hint);
  expect(await readdir(binaryCacheFolder(fake.host))).toEqual([]);
});

test('a cached file that cannot be executed is built anew', async () => {
  const fake = await fakeGo();
  const { k6 } = await ensureBinaries({ k6: true }, { host: fake.host });
  await chmod(k6.path, 0o644);
  const again = await ensureBinaries({ k6: true }, { host: fake.host });
  expect(again.k6).toEqual({ ...k6, source: 'built' });
});

test('a relative cache folder is ignored as the XDG specification asks', async () => {
  const fake = await fakeGo();
  const home = join(fake.folder, 'home');
  await mkdir(home);
  const { k6 } = await ensureBinaries({ k6: true }, { host: fake.with({ XDG_CACHE_HOME: 'relative', HOME: home }) });
  expect(k6.path.startsWith(join(home, '.cache', 'gauntlet', 'bin'))).toBe(true);
});
