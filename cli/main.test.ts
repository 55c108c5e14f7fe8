import { existsSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../chaos/experiments/catalogue.js';
import { exitCodes } from '../harness/errors/exit-code.js';
import { type CliResult, runCli } from './fixtures/run-cli.js';
import { Sandbox } from './fixtures/sandbox.js';

const slow = { timeout: 180_000 };

/** Bad input or environment: one clear error with a hint, nothing on standard output, no stack trace. */
function expectRefusal({ exitCode, stdout, stderr }: CliResult, messages: readonly string[]): void {
  for (const message of messages) expect(stderr).toContain(message);
  expect(stderr).toMatch(/^ {2}hint: \S/m);
  expect(stderr.match(/^gauntlet: /gm), 'one error').toHaveLength(1);
  expect(stderr, 'no stack trace').not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(exitCode).toBe(exitCodes.badInput);
}

/** A command line that is refused: what it is made of and what the error says. */
interface Refusal {
  readonly name: string;
  readonly args: readonly string[] | ((sandbox: Sandbox) => readonly string[]);
  readonly env?: (sandbox: Sandbox) => Readonly<Record<string, string>>;
  readonly says: readonly string[];
}

const typed: readonly Refusal[] = [
  {
    name: 'an unknown command',
    args: ['lisst'],
    says: ["unknown command 'lisst' (did you mean list?).", 'hint: gauntlet --help'],
  },
  {
    name: 'an unknown flag',
    args: ['list', '--jsn'],
    says: ["unknown option '--jsn' (did you mean --json?).", 'hint: gauntlet list --help'],
  },
  {
    name: 'a flag without its value',
    args: ['run', '--seed'],
    says: ["option '--seed <number>' argument missing", 'hint: gauntlet run --help'],
  },
  {
    name: 'too many words',
    args: ['doctor', 'who'],
    says: ["too many arguments for 'doctor'", 'hint: gauntlet doctor --help'],
  },
  {
    name: 'an unknown experiment',
    args: ['run', 'retri'],
    says: [
      'experiment: expected retry, circuit-breaker, sticky-sessions or rate-limit, received "retri" (did you mean retry?).',
      'hint: gauntlet list',
    ],
  },
  {
    name: 'several things at once',
    args: ['run', '--runtime', 'podman', '--seed', 'x', '--traefik', '9.9', '--first-port', '80', '--kep', 'nosuch'],
    says: [
      '6 problems:',
      'received "nosuch"',
      '--runtime: expected auto, docker or process, received "podman"',
      '--seed: expected a whole number from 0 to 4294967295, received "x"',
      '--traefik: expected 3.7.5, 3.6.12 or 3.0.4, received "9.9"',
      '--first-port: expected a whole number from 1024 to 65000, received "80"',
      '--kep: unknown option (did you mean --keep?)',
    ],
  },
  {
    name: 'a first port that is out of range',
    args: ['run', '--first-port', '65001'],
    says: ['--first-port: expected a whole number from 1024 to 65000, received "65001".'],
  },
  {
    name: 'a calibration with several things wrong',
    args: ['calibrate', '--seed', 'x', '--json', ''],
    says: [
      '2 problems:',
      '--seed: expected a whole number from 0 to 4294967295, received "x"',
      '--json: expected a path, received nothing',
      'hint: gauntlet calibrate --help',
    ],
  },
  {
    name: 'a flag that a calibration does not know',
    args: ['calibrate', '--shrt'],
    says: ["unknown option '--shrt' (did you mean --short?).", 'hint: gauntlet calibrate --help'],
  },
  {
    name: 'a Traefik version that cannot be set up',
    args: ['setup', '--traefik', '3.7'],
    says: ['--traefik: expected 3.7.5, 3.6.12 or 3.0.4, received "3.7" (did you mean 3.7.5?).', 'hint: gauntlet setup'],
  },
];

const places: readonly Refusal[] = [
  {
    name: '--out below a file, --json where a folder is, and a bad seed',
    args: (sandbox) => ['run', '--out', join(sandbox.file('file', ''), 'out'), '--json', sandbox.path, '--seed', '-1'],
    says: ['3 problems:', '--out: ', 'ENOTDIR', '--json: ', 'it is a folder', '--seed: '],
  },
  {
    name: '--json in a folder that cannot be made',
    args: (sandbox) => ['run', '--json', join(sandbox.file('file', ''), 'new', 'run.json')],
    says: ['--json: ', 'cannot be written: ENOTDIR'],
  },
  {
    name: '--json of analyze in a folder that cannot be made',
    args: (sandbox) => ['analyze', sandbox.path, '--json', join(sandbox.file('file', ''), 'new', 'run.json')],
    says: ['--json: ', 'cannot be written: ENOTDIR'],
  },
];

const recordings: readonly Refusal[] = [
  {
    name: 'analyze without a folder',
    args: ['analyze'],
    says: ["missing required argument 'run'", 'hint: gauntlet analyze --help'],
  },
  {
    name: 'analyze of a folder that does not exist',
    args: ['analyze', 'nowhere'],
    says: ['nowhere', 'recording.json', 'reports/out/latest'],
  },
  {
    name: 'analyze of a folder without a recording',
    args: (sandbox) => ['analyze', sandbox.path],
    says: ['recording.json'],
  },
  {
    name: 'analyze of a recording that is not JSON',
    args: (sandbox) => ['analyze', join(sandbox.file('run/recording.json', '{"run":'), '..')],
    says: ['recording.json', 'not JSON'],
  },
  {
    name: 'analyze of a recording of another shape',
    args: (sandbox) => ['analyze', join(sandbox.file('run/recording.json', '{"run": 7, "arms": 3}'), '..')],
    says: ['recording.json', '  run: ', '  arms: ', '  seed: '],
  },
  {
    name: 'analyze of a recording with an arm of another shape',
    args: (sandbox) => [
      'analyze',
      join(sandbox.file('run/recording.json', recordingWith([{ name: 'retry.subject', traffic: {} }])), '..'),
    ],
    says: ['recording.json', '  arms[0].traffic', '  arms[0].links'],
  },
  {
    name: 'analyze of a recording without arms',
    args: (sandbox) => ['analyze', join(sandbox.file('run/recording.json', recordingWith([])), '..')],
    says: ['recording.json', 'arms'],
  },
];

function recordingWith(arms: readonly unknown[]): string {
  return JSON.stringify({
    run: 'a-run',
    profile: 'default',
    runtime: 'process',
    versions: {},
    seed: 42,
    startedAt: '2026-11-23T22:04:11.402Z',
    durationMs: 1,
    arms,
  });
}

const environments: readonly Refusal[] = [
  {
    name: 'Docker is asked for and does not answer',
    args: ['run', '--runtime', 'docker'],
    says: ['--runtime docker: ', 'no-docker.sock', 'hint: Start Docker'],
  },
  {
    name: 'no Go and nothing built: both ways out are named',
    args: ['run', '--runtime', 'process'],
    says: ['Go is not installed', 'hint: Install Go', '--runtime docker'],
  },
  {
    name: 'a cache that cannot be written, and no Go: both are named',
    args: ['setup'],
    env: (sandbox) => ({ XDG_CACHE_HOME: join(sandbox.file('file', ''), 'cache') }),
    says: ['Go is not installed', 'cannot be kept in the cache folder', 'set XDG_CACHE_HOME'],
  },
  {
    name: 'a variable that names another program',
    args: ['run', '--runtime', 'process'],
    env: (sandbox) => ({ ...sandbox.programs(), GAUNTLET_K6: sandbox.file('other', '#!/bin/sh\necho k6 v0.1.0\n') }),
    says: ['GAUNTLET_K6', '0.1.0', 'hint: Set GAUNTLET_K6'],
  },
];

describe.concurrent.each([
  { group: 'what was typed', refusals: typed },
  { group: 'places', refusals: places },
  { group: 'recordings', refusals: recordings },
  { group: 'the environment', refusals: environments },
])('refused because of $group', slow, ({ refusals }) => {
  test.each(refusals)('$name', async ({ args, env, says }) => {
    using sandbox = new Sandbox();
    const words = typeof args === 'function' ? args(sandbox) : args;
    const result = await runCli(sandbox, words, env === undefined ? {} : { env: env(sandbox) });
    expectRefusal(result, says);
    expect(sandbox.runFiles()).toEqual([]);
    expect(sandbox.processes()).toEqual([]);
  });
});

describe.concurrent('a stack that cannot start', slow, () => {
  test.each([0, 1, 2])('port %i of the range is taken: everything that was started ends', async (index) => {
    using sandbox = new Sandbox();
    // Apart from the other cases, and below the ports that the system hands out to everyone.
    const port = 21_000 + index * 100;
    const taken = await listen(port);
    const result = await runCli(
      sandbox,
      ['run', 'retry', '--runtime', 'process', '--first-port', String(port - index)],
      { env: sandbox.programs() },
    );
    taken.close();
    expect(result.stderr).toContain(`Port ${port} of 127.0.0.1 cannot be used: EADDRINUSE.`);
    expectRefusal(result, ['hint: Leave out --first-port']);
    expect(sandbox.processes()).toEqual([]);
    expect(sandbox.runFiles()).toEqual([]);
  });
});

describe.concurrent('an interrupt', slow, () => {
  test('ends with 130 and leaves nothing running', async () => {
    using sandbox = new Sandbox();
    const asked = join(sandbox.path, 'asked');
    const k6 = sandbox.file('programs/slow-k6', `#!/bin/sh\n: > ${asked}\nexec /bin/sleep 100\n`);
    const result = await runCli(sandbox, ['run', '--runtime', 'process'], {
      env: { ...sandbox.programs(), GAUNTLET_K6: k6 },
      interruptWhen: async () => {
        while (!existsSync(asked)) await delay(50);
      },
    });
    expect(result.stderr).toContain('interrupted: ending what was started');
    expect(result.stderr).toContain('gauntlet: interrupted; everything that was started has been stopped.');
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(result.stdout).toBe('');
    expect(result.exitCode).toBe(exitCodes.interrupted);
    expect(sandbox.processes()).toEqual([]);
  });
});

describe.concurrent('what succeeds', slow, () => {
  async function succeed(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    using sandbox = new Sandbox();
    const { exitCode, stdout, stderr } = await runCli(sandbox, args, {
      env: { ...env, ...(args[0] === 'doctor' ? sandbox.programs() : {}) },
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(exitCodes.pass);
    expect(readdirSync(sandbox.path).filter((name) => name === 'reports')).toEqual([]);
    return stdout;
  }

  test('list names every experiment and every claim', async () => {
    const text = await succeed(['list']);
    for (const { id, title, checks } of catalogue) {
      expect(text).toContain(`${id} — ${title}`);
      for (const { claim } of checks) expect(text).toContain(claim);
    }
  });

  test('list --json is JSON', async () => {
    const experiments = JSON.parse(await succeed(['list', '--json'])) as { id: string; checks: { claim: string }[] }[];
    expect(experiments.map(({ id }) => id)).toEqual(['retry', 'circuit-breaker', 'sticky-sessions', 'rate-limit']);
    for (const { checks } of experiments) expect(checks.length).toBeGreaterThan(0);
  });

  test('--help names every command and the exit codes', async () => {
    const text = await succeed(['--help']);
    for (const word of ['run', 'list', 'analyze', 'history', 'setup', 'doctor', 'clean', '130 interrupted']) {
      expect(text).toContain(word);
    }
  });

  test('run --help names every option', async () => {
    const text = await succeed(['run', '--help']);
    for (const flag of ['--runtime', '--traefik', '--json', '--out', '--seed', '--first-port', '--keep']) {
      expect(text).toContain(flag);
    }
  });

  test('--version is the version of package.json', async () => {
    const { version } = (await import('../package.json', { with: { type: 'json' } })).default;
    expect(await succeed(['--version'])).toBe(`${version}\n`);
  });

  test('doctor says what is there', async () => {
    const text = await succeed(['doctor']);
    expect(text).toContain(process.versions.node);
    expect(text).toContain('no-docker.sock does not answer');
    expect(text).toContain('runs can start here');
  });

  test('clean, where there is nothing', async () => {
    expect(await succeed(['clean'])).toBe('Nothing was left behind.\n');
  });
});

test('doctor exits with 3 where no run can start', slow, async () => {
  using sandbox = new Sandbox();
  const { exitCode, stdout, stderr } = await runCli(sandbox, ['doctor']);
  expect(stdout).toContain('Go is not installed');
  expect(stdout).toContain('hint: Install Go');
  expect(stdout).toContain('no run can start here');
  expect(stderr).toBe('');
  expect(exitCode).toBe(exitCodes.badInput);
});

/** A listener on a port of the system's choice. */
function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => resolve(server));
  });
}
