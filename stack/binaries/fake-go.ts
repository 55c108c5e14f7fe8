import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type BinaryHost, currentHost } from './binary-host.js';

// A `build` writes a program that prints what the real one prints for its version, with `gate` only once the file of
// that name is there; `hang` never ends and has a child, as a compiler has. Every call is recorded.
const script = `
const { appendFileSync, chmodSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const { FAKE_GO_FOLDER: folder, FAKE_GO_VERSION: version, FAKE_GO_BUILD: build } = process.env;
const [command, ...rest] = process.argv.slice(2);
appendFileSync(folder + '/calls', [command, ...rest].join(' ') + '\\n');
if (command === 'env') {
  console.log(version);
} else if (command === 'mod' && rest[0] === 'download') {
  const module = folder + '/module-cache/' + rest[2];
  mkdirSync(module, { recursive: true });
  console.log(JSON.stringify({ Dir: module }));
} else if (command === 'build' && build === 'hang') {
  const compiler = spawn('sleep', ['600']);
  writeFileSync(folder + '/hanging', process.pid + ' ' + compiler.pid);
} else if (command === 'build' && build === 'gate') {
  const timer = setInterval(() => existsSync(folder + '/gate') && (clearInterval(timer), writeProgram()), 20);
} else if (command === 'build' && build) {
  console.error(build);
  process.exit(1);
} else if (command === 'build') {
  writeProgram();
}
function writeProgram() {
  const output = rest[rest.indexOf('-o') + 1];
  const says = output.endsWith('k6') ? 'k6 v2.2.0 (go1.26.8, linux/amd64)\\nExtensions:\\n  gauntlet/client (devel), k6/x/gauntlet [js]'
    : output.endsWith('toxiproxy') ? 'toxiproxy-server version 2.12.0'
    : 'Version:      ' + /-X \\S+=(\\S+)/.exec(rest.join(' '))[1];
  writeFileSync(output, '#!/bin/sh\\necho "' + says + '"\\n');
  chmodSync(output, 0o755);
}
`;

/** A machine with empty caches whose `go` is a small script. Disposing removes it. */
export class FakeGo implements AsyncDisposable {
  readonly folder: string;
  /** Only the fake `go` and the system's own commands are on its PATH. */
  readonly host: BinaryHost;

  private constructor(folder: string, host: BinaryHost) {
    this.folder = folder;
    this.host = host;
  }

  /** @param options.build What `go build` does: succeed (empty), `gate`, `hang`, or fail with this text. */
  static async create(options: { version?: string; build?: string; env?: Record<string, string> } = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'gauntlet-fake-go-'));
    const fake = new FakeGo(folder, {
      ...currentHost(),
      env: {
        PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter),
        XDG_CACHE_HOME: join(folder, 'cache'),
        FAKE_GO_FOLDER: folder,
        FAKE_GO_VERSION: options.version ?? 'go1.99.0',
        FAKE_GO_BUILD: options.build ?? '',
        ...options.env,
      },
    });
    await writeFile(join(folder, 'fake-go.cjs'), script);
    await fake.addProgram('go', `exec '${process.execPath}' '${folder}/fake-go.cjs' "$@"`);
    return fake;
  }

  /** The same machine with other environment variables. */
  with(env: Record<string, string>): BinaryHost {
    return { ...this.host, env: { ...this.host.env, ...env } };
  }

  /** Puts a shell script on PATH and returns its path. */
  async addProgram(name: string, body: string): Promise<string> {
    const path = join(this.folder, 'bin', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\n${body}\n`);
    await chmod(path, 0o755);
    return path;
  }

  /** How often `go build` was called. */
  async builds(): Promise<number> {
    const calls = await readFile(join(this.folder, 'calls'), 'utf8').catch(() => '');
    return calls.split('\n').filter((call) => call.startsWith('build ')).length;
  }

  /** Lets a `gate` build go on. */
  async openGate(): Promise<void> {
    await writeFile(join(this.folder, 'gate'), '');
  }

  /** The process ids of a hanging `go build` and its compiler; rejects until there is one. */
  async hangingProcesses(): Promise<number[]> {
    return (await readFile(join(this.folder, 'hanging'), 'utf8')).split(' ').map(Number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
