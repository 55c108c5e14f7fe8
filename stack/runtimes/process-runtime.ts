import { type ChildProcess, spawn } from 'node:child_process';
import type {
  ComponentExit,
  ComponentSpec,
  Endpoint,
  Program,
  Runtime,
  StartedComponent,
} from '../../harness/model/runtime.js';
import { ComponentLog } from './component-log.js';
import type { FreePorts } from './free-ports.js';
import { identify } from './process-identity.js';
import { RunFile } from './run-file.js';

const stopGraceMs = 5_000;

/** How a program is called on this machine: the executable and the arguments that come before the component's own. */
export type Executables = Readonly<Record<Program, { readonly file: string; readonly args: readonly string[] }>>;

/** Runs components as child processes on loopback. */
export class ProcessRuntime implements Runtime {
  readonly name = 'process';
  readonly #executables: Executables;
  readonly #ports: FreePorts;
  readonly #runFile: RunFile;
  readonly #running = new Set<ProcessComponent>();

  constructor(run: string, executables: Executables, ports: FreePorts) {
    this.#executables = executables;
    this.#ports = ports;
    this.#runFile = new RunFile(run);
  }

  async endpoint(): Promise<Endpoint> {
    const port = await this.#ports.take();
    return { listen: `127.0.0.1:${port}`, port, inside: `127.0.0.1:${port}` };
  }

  async start(spec: ComponentSpec): Promise<StartedComponent> {
    const executable = this.#executables[spec.program];
    const log = new ComponentLog(spec.logFile, spec.onLine);
    const child = spawn(executable.file, [...executable.args, ...spec.args], {
      // A group of its own: Ctrl-C must reach the harness alone, which then ends components in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...spec.env },
    });
    const component = new ProcessComponent(spec.name, child, log);
    if (child.pid !== undefined) {
      const identity = identify(child.pid);
      if (identity !== undefined) this.#runFile.add(spec.name, identity);
    }
    this.#running.add(component);
    void component.exited.then(() => this.#running.delete(component));
    await component.spawned;
    return component;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((component) => component.stop()));
    this.#runFile.remove();
  }
}

class ProcessComponent implements StartedComponent {
  readonly name: string;
  readonly spawned: Promise<void>;
  readonly exited: Promise<ComponentExit>;
  readonly #child: ChildProcess;
  readonly #log: ComponentLog;

  constructor(name: string, child: ChildProcess, log: ComponentLog) {
    this.name = name;
    this.#child = child;
    this.#log = log;
    child.stdout?.on('data', (chunk: Buffer) => log.write(chunk));
    child.stderr?.on('data', (chunk: Buffer) => log.write(chunk));
    this.spawned = new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    this.exited = new Promise<ComponentExit>((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    }).then(async (exit) => {
      await log.close();
      return exit;
    });
  }

  outside(port: number): string {
    return `127.0.0.1:${port}`;
  }

  logTail(): string {
    return this.#log.tail();
  }

  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    const force = setTimeout(() => this.#signal('SIGKILL'), stopGraceMs);
    await this.exited;
    clearTimeout(force);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It ended by itself in between.
    }
  }
}
