import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';
import { sweepProcesses } from './sweep-processes.js';

let folder = '';
let children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-sweep-'));
  children = [];
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all(children.map(end));
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** A process that leads a group of its own, as components do. */
function start(): { child: ChildProcess; identity: ProcessIdentity } {
  const child = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
  children.push(child);
  const identity = identify(child.pid ?? 0);
  if (identity === undefined) throw new Error('the process did not start');
  return { child, identity };
}

/** A harness that has died. */
async function deadHarness(): Promise<ProcessIdentity> {
  const { child, identity } = start();
  await end(child);
  return identity;
}

function writeRunFile(run: string, harness: ProcessIdentity, processes: Record<string, ProcessIdentity>): void {
  const named = Object.entries(processes).map(([name, identity]) => ({ name, ...identity }));
  writeFileSync(join(folder, `${run}.json`), JSON.stringify({ run, harness, processes: named }));
}

test('ends what a dead harness left behind and removes its run file', async () => {
  const traefik = start();
  const service = start();
  const exits = [once(traefik.child, 'exit'), once(service.child, 'exit')];
  writeRunFile('run-1', await deadHarness(), { traefik: traefik.identity, 'llm-1': service.identity });
  expect(sweepProcesses(folder)).toEqual(['traefik', 'llm-1']);
  expect(await Promise.all(exits)).toEqual([
    [null, 'SIGKILL'],
    [null, 'SIGKILL'],
  ]);
  expect(readdirSync(folder)).toEqual([]);
});

test('ends the children of what was left behind too', async () => {
  const child = spawn('sh', ['-c', 'sleep 600 & echo $!; wait'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const grandchild = identify(Number(line.toString()));
  const leader = identify(child.pid ?? 0);
  if (grandchild === undefined || leader === undefined) throw new Error('the processes did not start');
  // Its standard output closes when the last process that holds it has ended.
  const closed = once(child, 'close');
  writeRunFile('run-1', await deadHarness(), { service: leader });
  expect(sweepProcesses(folder)).toEqual(['service']);
  await closed;
  expect(isAlive(grandchild)).toBe(false);
});

test('leaves the processes of a harness that lives', () => {
  const { identity } = start();
  const harness = identify(process.pid);
  if (harness === undefined) throw new Error('cannot identify the own process');
  writeRunFile('run-1', harness, { traefik: identity });
  expect(sweepProcesses(folder)).toEqual([]);
  expect(isAlive(identity)).toBe(true);
  expect(readdirSync(folder)).toEqual(['run-1.json']);
});

test('leaves a process whose number was used again', async () => {
  const { identity } = start();
  writeRunFile('run-1', await deadHarness(), { traefik: { ...identity, started: `${identity.started}0` } });
  expect(sweepProcesses(folder)).toEqual([]);
  expect(isAlive(identity)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

test("takes a harness for dead when another process has its number, and goes on to the next run's file", async () => {
  const first = start();
  const second = start();
  const exits = [once(first.child, 'exit'), once(second.child, 'exit')];
  writeRunFile('run-1', { pid: process.pid, started: 'another time' }, { traefik: first.identity });
  writeRunFile('run-2', await deadHarness(), { gone: await deadHarness(), toxiproxy: second.identity });
  expect(sweepProcesses(folder)).toEqual(['traefik', 'toxiproxy']);
  await Promise.all(exits);
  expect(isAlive(first.identity)).toBe(false);
  expect(isAlive(second.identity)).toBe(false);
});

test('does nothing where there is no run file', () => {
  expect(sweepProcesses(join(folder, 'nowhere'))).toEqual([]);
});
