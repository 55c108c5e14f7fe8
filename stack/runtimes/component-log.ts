import { createWriteStream, type WriteStream } from 'node:fs';
import { LineSplitter } from './line-splitter.js';

const tailLines = 15;

/** What a component prints: kept in a file, handed on line by line, with the last lines at hand for error messages. */
export class ComponentLog {
  readonly #file: WriteStream;
  readonly #tail: string[] = [];
  readonly #splitter: LineSplitter;

  constructor(file: string, onLine?: (line: string) => void) {
    this.#file = createWriteStream(file, { flags: 'a' });
    this.#splitter = new LineSplitter((line) => {
      this.#tail.push(line);
      if (this.#tail.length > tailLines) this.#tail.shift();
      onLine?.(line);
    });
  }

  write(chunk: Buffer | string): void {
    this.#file.write(chunk);
    this.#splitter.push(chunk.toString());
  }

  tail(): string {
    return this.#tail.join('\n');
  }

  async close(): Promise<void> {
    this.#splitter.end();
    await new Promise<void>((resolve) => this.#file.end(() => resolve()));
  }
}
