import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const chunkBytes = 1 << 20;

/** A file that is written in large pieces, so that making the evidence takes less time than reading it. */
export class LineWriter {
  readonly #file: number;
  #text = '';
  #number = 0;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'w');
  }

  write(line: string): void {
    this.#text += `${line}\n`;
    if (this.#text.length >= chunkBytes) this.flush();
  }

  /** Numbers what is written, from 1. */
  nextNumber(): number {
    return ++this.#number;
  }

  flush(): void {
    writeSync(this.#file, this.#text);
    this.#text = '';
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }
}
