import { closeSync, openSync, readFileSync } from 'node:fs';

const tailLines = 15;

/** A log file that a component writes by itself; the last lines are read from it when someone asks. */
export class FileLog {
  readonly descriptor: number;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    this.descriptor = openSync(path, 'a');
  }

  tail(): string {
    return readFileSync(this.#path, 'utf8').trimEnd().split('\n').slice(-tailLines).join('\n');
  }

  async close(): Promise<void> {
    closeSync(this.descriptor);
  }
}
