import type Docker from 'dockerode';
import { GenericContainer, type StartedTestContainer, type WaitStrategy } from 'testcontainers';
import type {
  ComponentExit,
  ComponentSpec,
  Endpoint,
  Program,
  Runtime,
  StartedComponent,
} from '../../harness/model/runtime.js';
import { ComponentLog } from './component-log.js';
import { ownerLabels } from './docker-labels.js';

const stopGraceMs = 5_000;
/** Where ports are published. The engine is on this machine: components share folders of it. */
const loopback = '127.0.0.1';

/** An image and the command inside it. */
export interface Image {
  readonly image: string;
  readonly entrypoint: readonly string[];
}

/** The image of each program. */
export type Images = Readonly<Record<Program, Image>>;

/** Readiness is a matter of the component's starter, which knows what to ask; the container only has to exist. */
const startedIsEnough: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => startedIsEnough,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 60_000,
};

/** Runs components as containers in a network of their own, by Testcontainers. */
export class DockerRuntime implements Runtime {
  readonly name = 'docker';
  readonly #images: Images;
  readonly #docker: Docker;
  readonly #labels: Record<string, string>;
  readonly #networkName: string;
  readonly #keep: boolean;
  #network: Promise<Docker.Network> | undefined;
  readonly #running = new Map<string, DockerComponent>();
  readonly #starting = new Set<Promise<StartedTestContainer>>();

  /** @param options.keep leave containers running when disposed; the next sweep removes them */
  constructor(run: string, docker: Docker, images: Images, options: { readonly keep?: boolean } = {}) {
    this.#images = images;
    this.#docker = docker;
    this.#labels = ownerLabels(run);
    this.#networkName = `gauntlet-${run}`;
    this.#keep = options.keep ?? false;
  }

  async endpoint(component: string, containerPort: number): Promise<Endpoint> {
    return { listen: `0.0.0.0:${containerPort}`, port: containerPort, inside: `${component}:${containerPort}` };
  }

  async start(spec: ComponentSpec): Promise<StartedComponent> {
    const { image, entrypoint } = this.#images[spec.program];
    const log = new ComponentLog(spec.logFile, spec.onLine);
    let container: GenericContainer = new LoopbackContainer(image, spec.program === 'service')
      .withEntrypoint([...entrypoint])
      .withCommand([...spec.args])
      .withEnvironment({ ...spec.env })
      .withLabels(this.#labels)
      .withBindMounts(
        spec.folders.map(({ path, writable }) => ({ source: path, target: path, mode: writable ? 'rw' : 'ro' })),
      )
      .withLogConsumer((stream) => stream.on('data', (chunk: Buffer | string) => log.write(chunk)))
      .withWaitStrategy(startedIsEnough)
      .withAutoRemove(false);
    // What it writes into the run's folder has to belong to whoever runs the harness.
    if (process.getuid && process.getgid) container = container.withUser(`${process.getuid()}:${process.getgid()}`);
    if (spec.besides === undefined) {
      this.#network ??= this.#docker.createNetwork({ Name: this.#networkName, Labels: this.#labels });
      await this.#network;
      container = container
        .withNetworkMode(this.#networkName)
        .withNetworkAliases(spec.name)
        .withExposedPorts(...spec.published);
    } else {
      const neighbour = this.#running.get(spec.besides);
      if (neighbour === undefined)
        throw new Error(`${spec.name} is to run beside ${spec.besides}, which is not running`);
      container = container.withNetworkMode(`container:${neighbour.id}`);
    }
    const starting = container.start();
    this.#starting.add(starting);
    const started = await starting.finally(() => this.#starting.delete(starting));
    const component = new DockerComponent(spec.name, started, this.#docker.getContainer(started.getId()), log);
    this.#running.set(spec.name, component);
    return component;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#keep) return;
    // A start that was under way when another one failed still becomes a container, which has to go too.
    await Promise.allSettled(this.#starting);
    // Those that share another one's network go first.
    await Promise.all([...this.#running.values()].reverse().map((component) => component.stop()));
    await (await this.#network)?.remove().catch(ignoreAlreadyDone);
  }
}

/** A container whose published ports are bound to loopback: nobody else has to reach a gateway under test. */
class LoopbackContainer extends GenericContainer {
  readonly #isLocked: boolean;

  /** @param isLocked it can write nowhere but in its folders, and can gain no rights */
  constructor(image: string, isLocked: boolean) {
    super(image);
    this.#isLocked = isLocked;
  }

  protected override async beforeContainerCreated(): Promise<void> {
    if (this.#isLocked) {
      Object.assign(this.hostConfig, {
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
      });
    }
    const bindings = (this.hostConfig.PortBindings ?? {}) as Record<string, { HostPort: string; HostIp?: string }[]>;
    for (const binding of Object.values(bindings).flat()) binding.HostIp = loopback;
  }
}

class DockerComponent implements StartedComponent {
  readonly name: string;
  readonly id: string;
  readonly exited: Promise<ComponentExit>;
  readonly #started: StartedTestContainer;
  readonly #container: Docker.Container;
  readonly #log: ComponentLog;
  #stopping: Promise<void> | undefined;

  constructor(name: string, started: StartedTestContainer, container: Docker.Container, log: ComponentLog) {
    this.name = name;
    this.id = started.getId();
    this.#started = started;
    this.#container = container;
    this.#log = log;
    this.exited = container
      .wait()
      .then((result: { StatusCode: number }) => ({ code: result.StatusCode, signal: null }))
      .catch(() => ({ code: null, signal: 'removed' }));
  }

  outside(port: number): string {
    return `${loopback}:${this.#started.getMappedPort(port)}`;
  }

  logTail(): string {
    return this.#log.tail();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    await this.#container.stop({ t: stopGraceMs / 1000 }).catch(ignoreAlreadyDone);
    await this.exited;
    await this.#container.remove({ force: true, v: true }).catch(ignoreAlreadyDone);
    await this.#log.close();
  }
}

/** 304: already stopped; 404: already removed; 409: removal in progress. */
function ignoreAlreadyDone(error: { statusCode?: number }): void {
  if (![304, 404, 409].includes(error.statusCode ?? 0)) throw error;
}
