import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../harness/errors/exit-code.js';
import { sampleRun } from '../../reports/fixtures/sample-run.js';
import { openHistory } from '../../reports/history/open-history.js';
import { runCli } from '../fixtures/run-cli.js';
import { Sandbox } from '../fixtures/sandbox.js';

const slow = { timeout: 180_000 };

/** Two runs: the sample, and before it one of a single experiment that passed. */
async function recordRuns(file: string): Promise<void> {
  using history = await openHistory(file);
  history.record(sampleRun, 'reports/out/sample');
  const experiments = sampleRun.experiments
    .slice(1, 2)
    .map((each) => ({ ...each, outcome: 'pass' as const, reason: undefined }));
  const startedAt = '2026-11-22T08:00:00.000Z';
  history.record({ ...sampleRun, run: 'earlier', outcome: 'pass', startedAt, experiments }, 'reports/out/earlier');
}

describe.concurrent('gauntlet history', slow, () => {
  async function history(sandbox: Sandbox, ...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await runCli(sandbox, ['history', ...args]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(exitCodes.pass);
    return stdout;
  }

  test('lists runs, latest first, why experiments did not pass, and their track records', async () => {
    using sandbox = new Sandbox();
    await recordRuns(join(sandbox.path, 'reports/out/history.sqlite'));
    const lines = (await history(sandbox)).split('\n');
    expect(lines[0]).toBe(
      'RUN                        OUTCOME       STARTED (UTC)         TOOK  TRAEFIK  RUNTIME  EXPERIMENTS',
    );
    expect(lines[1]).toBe(
      '2026-11-23T22-04-11Z-7f3a  FAIL          2026-11-23 22:04:11  128 s  3.7.5    process  2 pass, 1 fail, 1 inconclusive',
    );
    expect(lines[2]).toMatch(/^ {2}FAIL circuit-breaker: A 12 s outage/);
    expect(lines[3]).toMatch(/^ {2}INCONCLUSIVE sticky-sessions: The fault touched no request/);
    expect(lines[4]).toMatch(/^earlier .* 1 pass$/);
    expect(lines[6]).toBe('Over these 2 runs:');
    expect(lines[7]).toBe('EXPERIMENT       RUNS  PASS  FAIL  INCONCLUSIVE  CHANGES  LAST NOT PASSED');
    expect(lines[9]).toBe('circuit-breaker     2     1     1             0        1  2026-11-23T22-04-11Z-7f3a (fail)');
    expect(lines[10]).toMatch(/^sticky-sessions {5}1 {5}0 {5}0 {5}1 \(100 %\) {8}0 {2}2026/);
  });

  test('of one experiment and one run, from another folder', async () => {
    using sandbox = new Sandbox();
    await recordRuns(join(sandbox.path, 'elsewhere/history.sqlite'));
    const text = await history(sandbox, '--out', 'elsewhere', '--experiment', 'circuit-breaker', '--limit', '1');
    expect(text).toContain('Over this run:');
    expect(text).not.toContain('earlier');
    expect(text).not.toContain('sticky-sessions');
  });

  test('as JSON', async () => {
    using sandbox = new Sandbox();
    await recordRuns(join(sandbox.path, 'reports/out/history.sqlite'));
    const { runs, experiments } = JSON.parse(await history(sandbox, '--json', '--experiment', 'circuit-breaker'));
    expect(runs).toMatchObject([
      { run: sampleRun.run, versions: sampleRun.versions, experiments: [{ id: 'circuit-breaker', outcome: 'fail' }] },
      { run: 'earlier', experiments: [{ id: 'circuit-breaker', outcome: 'pass' }] },
    ]);
    expect(experiments).toMatchObject([{ experiment: 'circuit-breaker', runs: 2, changes: 1 }]);
  });

  test('where there are no runs yet, says how to get one and makes no file', async () => {
    using sandbox = new Sandbox();
    expect(await history(sandbox)).toBe(
      'No run in reports/out/history.sqlite yet. `gauntlet run` makes one; --out names another folder.\n',
    );
    expect(await history(sandbox, '--experiment', 'retry')).toContain('No run of retry in');
    expect(JSON.parse(await history(sandbox, '--json'))).toEqual({ runs: [], experiments: [] });
    expect(existsSync(join(sandbox.path, 'reports'))).toBe(false);
  });

  test.each([
    [
      'all that is wrong at once',
      ['--experiment', 'retri', '--limit', '0', '--out', ''],
      [
        '3 problems:',
        '--experiment: expected retry, circuit-breaker, sticky-sessions or rate-limit, received "retri" (did you mean retry?)',
        '--limit: expected a whole number from 1 to 1000, received "0"',
        '--out: expected a path, received nothing',
        'hint: gauntlet list shows the experiments',
      ],
    ],
    ['an unknown flag', ['--jsn'], ["unknown option '--jsn' (did you mean --json?).", 'hint: gauntlet history --help']],
    ['too many words', ['retry'], ["too many arguments for 'history'"]],
  ])('refuses %s', async (_what, args, says) => {
    using sandbox = new Sandbox();
    const { exitCode, stdout, stderr } = await runCli(sandbox, ['history', ...args]);
    for (const message of says) expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(exitCode).toBe(exitCodes.badInput);
  });

  test('refuses a file that is no history', async () => {
    using sandbox = new Sandbox();
    sandbox.file('reports/out/history.sqlite', 'notes that are long enough to be looked at. '.repeat(50));
    const { exitCode, stderr } = await runCli(sandbox, ['history']);
    expect(stderr).toContain('Cannot open the run history');
    expect(stderr).toMatch(/^ {2}hint: \S/m);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(exitCodes.badInput);
  });
});
