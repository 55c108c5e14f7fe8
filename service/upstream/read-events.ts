/** Reads server-sent events from text as it comes: calls `onData` with the data of each event. */
export class EventReader {
  readonly #onData: (data: string) => void;
  #rest = '';
  #data: string[] = [];

  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  /** Adds what has come, which may end anywhere. */
  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  /** Only `data` fields matter here; a colon at the start is a comment. */
  #line(line: string): void {
    if (line.startsWith('data:')) {
      this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
    } else if (line === '' && this.#data.length > 0) {
      const data = this.#data.join('\n');
      this.#data = [];
      this.#onData(data);
    }
  }
}
