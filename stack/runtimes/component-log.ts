import { createWriteStream, type WriteStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { LineSplitter } from './line-splitter.js';

const tailLines = 15;

/** What a component prints: kept in a file, handed on line by line, with the last lines at hand for error messages. */
export class ComponentLog {
  readonly #file: WriteStream;
  readonly #tail: string[] = [];
  // A letter of several bytes may come in two chunks.
  readonly #decoder = new StringDecoder('utf8');
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
    this.#splitter.push(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk));
  }

  tail(): string {
    return this.#tail.join('\n');
  }

  async close(): Promise<void> {
    this.#splitter.end();
    await new Promise<void>((resolve) => this.#file.end(() => resolve()));
  }
}
