import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { identify, isAlive } from './process-identity.js';

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the process did not start');
  return child.pid;
}

test('this process lives and is always the same', () => {
  const own = identify(process.pid);
  expect(own).toMatchObject({ pid: process.pid, started: expect.stringMatching(/./) });
  expect(identify(process.pid)).toEqual(own);
  expect(own && isAlive(own)).toBe(true);
});

test('a process that has ended is gone', async () => {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  const identity = identify(pidOf(child));
  expect(identity && isAlive(identity)).toBe(true);
  await ended(child);
  expect(identity && isAlive(identity)).toBe(false);
  expect(identify(pidOf(child))).toBeUndefined();
});

test('another process with the same number is not the one that was meant', () => {
  expect(isAlive({ pid: process.pid, started: 'another time' })).toBe(false);
});

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test('a command name with spaces and brackets is no obstacle', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gauntlet-identity-'));
    const odd = join(folder, 'a) S 1 (b');
    symlinkSync('/bin/sleep', odd);
    const plain = spawn('sleep', ['600'], { stdio: 'ignore' });
    const child = spawn(odd, ['600'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const stat = readFileSync(`/proc/${pidOf(child)}/stat`, 'utf8');
    const started = Number(identify(pidOf(child))?.started);
    const plainStarted = Number(identify(pidOf(plain))?.started);
    await Promise.all([ended(child), ended(plain)]);
    rmSync(folder, { recursive: true });
    expect(stat).toContain('(a) S 1 (b)');
    // Both are clock ticks since the boot, 100 a second.
    expect(Math.abs(started - plainStarted)).toBeLessThan(1_000);
  });

  test('a zombie counts as gone', async () => {
    // The shell starts a child and then becomes a program that never asks how that child ended.
    const script = 'exec 3<&0; cat <&3 >/dev/null & echo $!; exec sleep 600';
    const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    expect(identify(zombie)).toBeDefined();
    const stat = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'utf8');
    while (!stat(pidOf(parent)).includes('(sleep)')) await pause(5);
    parent.stdin.end();
    while (!/\) Z /.test(stat(zombie))) await pause(5);
    const identity = identify(zombie);
    await ended(parent);
    expect(identity).toBeUndefined();
  });
});
