/** The programs that a stack is made of. */
export type Program = 'traefik' | 'toxiproxy' | 'service' | 'k6';

/** A port that a component listens on, as each side has to address it. */
export interface Endpoint {
  /** Host and port that the component itself must bind, `host:port`. */
  readonly listen: string;
  readonly port: number;
  /** How other components reach it, `host:port`. */
  readonly inside: string;
}

/** What to start. Paths are the same inside and outside: a runtime makes `folders` visible under their own paths. */
export interface ComponentSpec {
  /** Unique within the run; also its log file's name. */
  readonly name: string;
  readonly program: Program;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Ports that the harness itself wants to reach, out of those handed out by {@link Runtime.endpoint}. */
  readonly published: readonly number[];
  /** Folders that it reads or writes. */
  readonly folders: readonly { readonly path: string; readonly writable: boolean }[];
  /** Name of a component whose network it shares, so that it reaches that component on loopback. */
  readonly besides?: string;
  /** File that receives everything it prints. */
  readonly logFile: string;
  /** Called with every line it prints, on either stream. */
  readonly onLine?: (line: string) => void;
}

/** How a component ended. `code` is null when a signal ended it. */
export interface ComponentExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A running component. Disposing stops it; stopping twice is harmless. */
export interface StartedComponent extends AsyncDisposable {
  readonly name: string;
  /** How the harness reaches a published port, `host:port`. */
  outside(port: number): string;
  /** Settles when it has ended, whoever ended it. Never rejects. */
  readonly exited: Promise<ComponentExit>;
  /** The last lines it printed. */
  logTail(): string;
  /** Ends it politely, then by force after a grace period. */
  stop(): Promise<void>;
}

/** A place where components run: Docker containers or plain processes. Disposing ends everything it started. */
export interface Runtime extends AsyncDisposable {
  readonly name: 'docker' | 'process';
  /** Hands out an address for a component's port. `containerPort` is used where every component has its own network. */
  endpoint(component: string, containerPort: number): Promise<Endpoint>;
  start(spec: ComponentSpec): Promise<StartedComponent>;
}
