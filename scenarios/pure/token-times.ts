/** Collects when the tokens of one answer arrived, in milliseconds. */
export class TokenTimes {
  /** When the first one did; 0 before that. */
  firstAt = 0;
  readonly gapsMs: number[] = [];
  #lastAt = 0;

  add(at: number): void {
    if (this.firstAt === 0) this.firstAt = at;
    else this.gapsMs.push(at - this.#lastAt);
    this.#lastAt = at;
  }

  get count(): number {
    return this.firstAt === 0 ? 0 : this.gapsMs.length + 1;
  }
}
