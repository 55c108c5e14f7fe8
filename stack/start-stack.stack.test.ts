import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCodes } from '../harness/errors/exit-code.js';
import { GauntletError } from '../harness/errors/gauntlet-error.js';
import type { RoutePolicy } from '../harness/model/policy.js';
import type { Runtime } from '../harness/model/runtime.js';
import { ensureBinaries } from './binaries/ensure-binaries.js';
import { bundleService } from './images/bundle-service.js';
import { prepareRuntime } from './prepare-runtime.js';
import { findDocker } from './runtimes/find-docker.js';
import { FreePorts } from './runtimes/free-ports.js';
import { isAlive } from './runtimes/process-identity.js';
import { type Executables, ProcessRuntime } from './runtimes/process-runtime.js';
import { readRunFiles } from './runtimes/run-file.js';
import { startStack } from './start-stack.js';

const never = new AbortController().signal;
const plain: RoutePolicy = { middlewares: [] };
const routes = [
  { name: 'one.subject', policy: plain },
  { name: 'two.subject', policy: plain },
];
const docker = await findDocker();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-stack-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function prepared(run: string, choice: 'docker' | 'process'): Promise<{ runtime: Runtime }> {
  return prepareRuntime({
    run,
    folder,
    choice,
    traefik: '3.7.5',
    keep: false,
    signal: never,
    onProgress: () => undefined,
  });
}

describe.each(['process', 'docker'] as const)('%s runtime', (choice) => {
  test.skipIf(choice === 'docker' && docker.docker === undefined)(
    'a stack is ready when it starts to exist, its links can be cut and healed, and nothing is left of it',
    async () => {
      const run = `stack-${choice}-${process.pid}`;
      const { runtime } = await prepared(run, choice);
      {
        await using _ = runtime;
        const stack = await startStack(runtime, { routes, seed: 1, folder }, never);
        expect(stack.routes.map((route) => route.name)).toEqual(['one.subject', 'two.subject']);
        expect(new Set(stack.routes.flatMap((route) => route.links.map((link) => link.url))).size).toBe(6);
        const [link] = stack.routes[0]?.links ?? [];
        if (link === undefined) throw new Error('the route has no link');
        await stack.injector.setEnabled(link, false);
        await stack.injector.setEnabled(link, true);
        expect(stack.versions.toxiproxy).toBe('2.12.0');
        const metrics = await (await fetch(stack.metricsUrl)).text();
        expect(metrics).toContain('traefik_config_reloads_total');
      }
      expect(readRunFiles().filter(({ content }) => content.run === run)).toEqual([]);
      const containers = await docker.docker?.listContainers({
        all: true,
        filters: { label: [`gauntlet.run=${run}`] },
      });
      expect(containers ?? []).toEqual([]);
    },
  );
});

describe('a component that does not come up', () => {
  async function executablesWith(broken: Partial<Executables>): Promise<Executables> {
    const binaries = await ensureBinaries({ k6: true, toxiproxy: true, traefik: '3.7.5' });
    const service = join(folder, 'service.mjs');
    await bundleService(service);
    return {
      traefik: { file: binaries.traefik.path, args: [] },
      toxiproxy: { file: binaries.toxiproxy.path, args: [] },
      k6: { file: binaries.k6.path, args: [] },
      service: { file: process.execPath, args: [service] },
      ...broken,
    };
  }

  async function failureOf(run: string, executables: Executables): Promise<GauntletError> {
    await using runtime = new ProcessRuntime(run, executables, new FreePorts());
    const failure = await startStack(runtime, { routes, seed: 1, folder }, never).then(
      () => new Error('it started'),
      (error: unknown) => error,
    );
    if (!(failure instanceof GauntletError)) throw failure;
    return failure;
  }

  test('is named with how it ended and its own last words, and the others are ended', async () => {
    const script = join(folder, 'broken-traefik');
    await writeFile(script, '#!/bin/sh\necho "cannot read the configuration" >&2\nexit 7\n');
    await chmod(script, 0o755);
    const run = `broken-${process.pid}`;
    const seen = readRunFiles().length;
    const failure = await failureOf(run, await executablesWith({ traefik: { file: script, args: [] } }));
    expect(failure.message).toContain('traefik ended with code 7');
    expect(failure.message).toContain('cannot read the configuration');
    expect(failure.exitCode).toBe(exitCodes.internalFault);
    expect(readRunFiles().length).toBe(seen);
    const left = readRunFiles().filter(({ content }) => content.run === run);
    expect(left.flatMap(({ content }) => content.processes.filter(isAlive))).toEqual([]);
  });
});
