import type { GenerationEnd, GenerationStart, TokenSink } from '../engine.js';

/** A sink that keeps what it is given, with the time of it. */
export class RecordingSink implements TokenSink {
  start: GenerationStart | undefined;
  end: GenerationEnd | undefined;
  preparations = 0;
  readonly texts: string[] = [];
  readonly tokenTimes: number[] = [];
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get text(): string {
    return this.texts.join('');
  }

  started(start: GenerationStart): void {
    this.start = start;
  }

  prepare(): void {
    this.preparations += 1;
  }

  token(text: string, index: number): void {
    if (index !== this.texts.length) throw new Error(`token ${index} came after ${this.texts.length} tokens`);
    this.texts.push(text);
    this.tokenTimes.push(this.#now());
  }

  finished(end: GenerationEnd): void {
    if (this.end !== undefined) throw new Error(`finished twice: ${this.end.reason}, ${end.reason}`);
    this.end = end;
  }
}
