import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runLabel } from './docker-labels.js';
import { findDocker } from './find-docker.js';
import { isAlive } from './process-identity.js';
import { readRunFiles } from './run-file.js';

const cli = fileURLToPath(new URL('../../cli/gauntlet.mjs', import.meta.url));
const docker = await findDocker();

/** A harness as a user starts it, with what it said so far. */
class Harness {
  readonly process: ChildProcess;
  said = '';
  readonly #exit: Promise<unknown[]>;

  constructor(...args: string[]) {
    this.process = spawn(process.execPath, [cli, 'run', 'retry', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CI: 'true' },
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.said += chunk.toString();
      });
    }
    this.#exit = once(this.process, 'close');
  }

  async says(text: string): Promise<void> {
    while (!this.said.includes(text)) {
      if (this.process.exitCode !== null) throw new Error(`it ended before it said "${text}":\n${this.said}`);
      await once(this.process.stderr as NodeJS.ReadableStream, 'data');
    }
  }

  async exitCode(): Promise<number | null> {
    const [code] = await this.#exit;
    return code as number | null;
  }
}

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'gauntlet-killed-'));
});
afterAll(() => rm(out, { recursive: true, force: true }));

/** The processes that a harness has registered as its own. */
function processesOf(harness: Harness) {
  const found = readRunFiles().find(({ content }) => content.harness.pid === harness.process.pid);
  return found?.content.processes ?? [];
}

describe('process runtime', () => {
  test('killed with -9 in the middle of a fault: nothing outlives it on Linux, and the next run passes', async () => {
    const killed = new Harness('--runtime', 'process', '--out', out);
    await killed.says('fault: llm-2 refuses connections');
    const left = processesOf(killed);
    expect(left.map((each) => each.name)).toEqual(expect.arrayContaining(['llm-1', 'toxiproxy', 'traefik']));
    expect(left.filter(isAlive).length).toBeGreaterThan(0);
    killed.process.kill('SIGKILL');
    await killed.exitCode();
    if (process.platform === 'linux') {
      await expect.poll(() => left.filter(isAlive), { timeout: 5_000, interval: 50 }).toEqual([]);
    }

    const next = new Harness('--runtime', 'process', '--out', out);
    expect(await next.exitCode(), next.said).toBe(0);
    expect(left.filter(isAlive)).toEqual([]);
    expect(processesOf(killed)).toEqual([]);
    expect(processesOf(next)).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s in the middle of a fault: exit code 130, nothing left',
    async (signal) => {
      const harness = new Harness('--runtime', 'process', '--out', out);
      await harness.says('fault: llm-2 refuses connections');
      const started = processesOf(harness);
      expect(started.length).toBeGreaterThan(0);
      harness.process.kill(signal);
      expect(await harness.exitCode(), harness.said).toBe(130);
      expect(started.filter(isAlive)).toEqual([]);
      expect(processesOf(harness)).toEqual([]);
      expect(harness.said).not.toContain('    at ');
    },
  );
});

describe.skipIf(docker.docker === undefined)('docker runtime', () => {
  const ours = async (): Promise<string[]> => {
    const filters = { label: [runLabel] };
    const containers = (await docker.docker?.listContainers({ all: true, filters })) ?? [];
    const networks = (await docker.docker?.listNetworks({ filters })) ?? [];
    return [...containers.flatMap((each) => each.Names), ...networks.map((each) => each.Name)];
  };

  test('killed with -9 in the middle of a fault: the next run removes what was left, passes and leaves nothing', async () => {
    const killed = new Harness('--runtime', 'docker', '--out', out);
    await killed.says('fault: llm-2 refuses connections');
    killed.process.kill('SIGKILL');
    await killed.exitCode();
    const left = await ours();
    expect(left.length).toBeGreaterThan(5);

    const next = new Harness('--runtime', 'docker', '--out', out);
    expect(await next.exitCode(), next.said).toBe(0);
    expect(next.said).toContain('ended what an earlier run left behind');
    expect(await ours()).toEqual([]);
  });

  test('SIGINT in the middle of a fault: exit code 130, nothing left', async () => {
    const harness = new Harness('--runtime', 'docker', '--out', out);
    await harness.says('fault: llm-2 refuses connections');
    harness.process.kill('SIGINT');
    expect(await harness.exitCode(), harness.said).toBe(130);
    expect(await ours()).toEqual([]);
  });
});
