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
import { type Command, dieWithParent } from './die-with-parent.js';
import { FileLog } from './file-log.js';
import type { FreePorts } from './free-ports.js';
import { identify } from './process-identity.js';
import { RunFile } from './run-file.js';

const stopGraceMs = 5_000;

/** How each program is called that is going to be started: the executable, and what comes before the component's own arguments. */
export type Executables = Readonly<Partial<Record<Program, Command>>>;

/** Runs components as child processes on loopback. */
export class ProcessRuntime implements Runtime {
  readonly name = 'process';
  readonly #executables: Executables;
  readonly #ports: FreePorts;
  readonly #keep: boolean;
  readonly #runFile: RunFile;
  readonly #running = new Set<ProcessComponent>();
  #disposed = false;

  /** @param options.keep leave components running when disposed; the next sweep ends them */
  constructor(run: string, executables: Executables, ports: FreePorts, options: { readonly keep?: boolean } = {}) {
    this.#executables = executables;
    this.#ports = ports;
    this.#keep = options.keep ?? false;
    this.#runFile = new RunFile(run);
  }

  async endpoint(): Promise<Endpoint> {
    const port = await this.#ports.take();
    return { listen: `127.0.0.1:${port}`, port, inside: `127.0.0.1:${port}` };
  }

  async start(spec: ComponentSpec): Promise<StartedComponent> {
    if (this.#disposed) throw new Error(`${spec.name} cannot be started any more: its runtime has ended`);
    const program = this.#executables[spec.program];
    if (program === undefined) throw new Error(`${spec.name} cannot be started: this runtime has no ${spec.program}`);
    const own = { file: program.file, args: [...program.args, ...spec.args] };
    const command = this.#keep ? own : dieWithParent(own);
    const log = spec.onLine === undefined ? new FileLog(spec.logFile) : new ComponentLog(spec.logFile, spec.onLine);
    const child = spawn(command.file, command.args, {
      // A group of its own: Ctrl-C must reach the harness alone, which then ends components in order.
      detached: true,
      // Straight into the file where nobody listens: the component can then outlive the harness.
      stdio: log instanceof FileLog ? ['ignore', log.descriptor, log.descriptor] : ['ignore', 'pipe', 'pipe'],
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
    this.#disposed = true;
    if (this.#keep) {
      for (const component of this.#running) component.release();
      return;
    }
    await Promise.all([...this.#running].map((component) => component.stop()));
    this.#runFile.remove();
  }
}

class ProcessComponent implements StartedComponent {
  readonly name: string;
  readonly spawned: Promise<void>;
  readonly exited: Promise<ComponentExit>;
  readonly #child: ChildProcess;
  readonly #log: ComponentLog | FileLog;

  constructor(name: string, child: ChildProcess, log: ComponentLog | FileLog) {
    this.name = name;
    this.#child = child;
    this.#log = log;
    if (log instanceof ComponentLog) {
      child.stdout?.on('data', (chunk: Buffer) => log.write(chunk));
      child.stderr?.on('data', (chunk: Buffer) => log.write(chunk));
    }
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

  /** Lets the harness end without it. */
  release(): void {
    this.#child.unref();
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
