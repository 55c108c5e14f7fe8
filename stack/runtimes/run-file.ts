import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { identify, type ProcessIdentity } from './process-identity.js';

const identity = z.object({ pid: z.number().int().min(2), started: z.string() });
const content = z.object({
  run: z.string(),
  harness: identity,
  processes: z.array(identity.extend({ name: z.string() })),
});

/** What a run has started and has to end, kept on disk so that a later run can end it if this one cannot. */
export type RunFileContent = z.infer<typeof content>;

/** Folder of the run files of this user. It need not outlive a reboot: neither do processes. */
export function runFileFolder(): string {
  return join(tmpdir(), `gauntlet-${process.getuid?.() ?? 'user'}`, 'runs');
}

/** The run file of the running harness. Written synchronously: what is started is on disk before anything else happens. */
export class RunFile {
  readonly #path: string;
  #content: RunFileContent;

  constructor(run: string, folder = runFileFolder()) {
    const harness = identify(process.pid);
    if (harness === undefined) throw new Error('cannot identify the own process');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, `${run}.json`);
    this.#content = { run, harness, processes: [] };
    this.#write();
  }

  add(name: string, processIdentity: ProcessIdentity): void {
    this.#content = { ...this.#content, processes: [...this.#content.processes, { name, ...processIdentity }] };
    this.#write();
  }

  /** Call when nothing that it names runs any more. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    // By rename: a kill in the middle of writing must not lose what was named before.
    const unfinished = `${this.#path}.new`;
    writeFileSync(unfinished, JSON.stringify(this.#content));
    renameSync(unfinished, this.#path);
  }
}

/** Every run file in `folder`. A file that cannot be read as one is left out: it was cut off before it named anything. */
export function readRunFiles(folder = runFileFolder()): { path: string; content: RunFileContent }[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    try {
      return [{ path, content: content.parse(JSON.parse(readFileSync(path, 'utf8'))) }];
    } catch {
      return [];
    }
  });
}
