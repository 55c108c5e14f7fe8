/**
 * The numbered frames of a session, the newest ones up to a limit. It serves two ends with one structure: a client that
 * comes back reads on from where it was, and a client that reads slowly is sent more only when it has taken what it got.
 */
export class FrameLog {
  readonly #limit: number;
  #frames: string[] = [];
  /** `seq` of the frame before the first one that is kept. */
  #dropped = 0;

  /** `limit` is in frames. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** `seq` of the newest frame; 0 when there was none. */
  get lastSeq(): number {
    return this.#dropped + this.#frames.length;
  }

  /** Whether everything after `seq` is still there. */
  has(seq: number): boolean {
    return seq >= this.#dropped && seq <= this.lastSeq;
  }

  /** Numbers a frame and keeps it. */
  add(frame: object): void {
    this.#keep(JSON.stringify({ seq: this.lastSeq + 1, ...frame }));
  }

  /** Keeps JSON that ends in the middle, in the place of a frame. */
  addGarbled(): void {
    this.#keep(`{"seq":${this.lastSeq + 1},"type":"tok`);
  }

  /** The frame after `seq`. */
  after(seq: number): string | undefined {
    return this.#frames[seq - this.#dropped];
  }

  #keep(text: string): void {
    this.#frames.push(text);
    // In large steps: a shift for each frame would move them all each time.
    if (this.#frames.length < 2 * this.#limit) return;
    this.#dropped += this.#frames.length - this.#limit;
    this.#frames = this.#frames.slice(-this.#limit);
  }
}
