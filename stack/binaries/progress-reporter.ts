import type { BinaryProgress } from './binary-progress.js';
import type { BinaryPin } from './pins.js';
import type { ResolvedBinary } from './resolved-binary.js';

const tickMs = 1000;

/** Turns what happens to each program into `BinaryProgress` events. */
export class ProgressReporter {
  readonly #startedAt = performance.now();
  readonly #pins: readonly BinaryPin[];
  readonly #report: (event: BinaryProgress) => void;

  constructor(pins: readonly BinaryPin[], report: (event: BinaryProgress) => void) {
    this.#pins = pins;
    this.#report = report;
  }

  /** Runs `work` and reports `phase` at its start and then once a second until it ends. */
  async during<Result>(pin: BinaryPin, phase: 'download' | 'compile', work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    const { downloadSeconds, compileSeconds } = pin.expected;
    const expectedMs = 1000 * (phase === 'download' ? downloadSeconds : compileSeconds);
    const tick = () =>
      this.#report({ ...this.#common(pin), phase, phaseElapsedMs: performance.now() - startedAt, expectedMs });
    tick();
    const timer = setInterval(tick, tickMs);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  waiting(pin: BinaryPin, waitingFor: string): void {
    this.#report({ ...this.#common(pin), phase: 'wait', waitingFor });
  }

  done(pin: BinaryPin, { source, path }: ResolvedBinary): void {
    this.#report({ ...this.#common(pin), phase: 'done', source, path });
  }

  #common(pin: BinaryPin) {
    return {
      ordinal: this.#pins.indexOf(pin) + 1,
      total: this.#pins.length,
      name: pin.name,
      version: pin.version,
      elapsedMs: performance.now() - this.#startedAt,
    };
  }
}
