import type { RecordingEvent } from '../../chaos/experiments/record-run.js';
import { armName, type Experiment } from '../../harness/model/experiment.js';
import type { GatewayScrapeLine } from '../../stack/components/scrape-gateway.js';
import type { PreparationProgress } from '../../stack/prepare-runtime.js';
import { armCounts } from './arm-counts.js';
import { clock, preparationText } from './preparation-text.js';
import type { RunView } from './run-view.js';

/** How often lines that only repeat themselves with newer numbers are printed. */
const everyMs = 15_000;

/** A run as plain lines, each with the time since the start: for logs and pipes. */
export class PlainView implements RunView {
  readonly #began = Date.now();
  readonly #write: (text: string) => void;
  #lastRepeat = 0;
  #scrape: GatewayScrapeLine | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  note(text: string): void {
    this.#write(`${clock(Date.now() - this.#began).padStart(5)}  ${text}\n`);
  }

  preparing(event: PreparationProgress): void {
    const repeats = event.type === 'binary' && event.progress.phase !== 'done';
    if (!repeats || this.#due()) this.note(`setup  ${preparationText(event)}`);
  }

  recording(event: RecordingEvent, experiments: readonly Experiment[]): void {
    switch (event.type) {
      case 'stack-ready':
        this.note(`stack  ready after ${(event.elapsedMs / 1000).toFixed(1)} s`);
        break;
      case 'load-started':
        this.note(`${event.arm}  load starts, for ${clock(event.durationMs)}`);
        break;
      case 'fault-applied':
        this.note(`${event.arm}  fault: ${event.title}, for ${clock(event.forMs)}`);
        break;
      case 'fault-healed':
        this.note(`${event.arm}  healed: ${event.title}`);
        break;
      case 'load-ended':
        this.note(`${event.arm}  load ended; ${armCounts(this.#scrape, event.arm) || 'no request was answered'}`);
        break;
      case 'scrape':
        this.#scrape = event.scrape;
        this.#repeatCounts(event.scrape, experiments);
        break;
      case 'stack-starting':
        this.note('stack  starting');
        break;
    }
  }

  interrupted(): void {
    this.note('interrupted: ending what was started …');
  }

  close(): void {
    // Every line stands for itself.
  }

  #repeatCounts(scrape: GatewayScrapeLine, experiments: readonly Experiment[]): void {
    const counts = experiments
      .map(({ id }) => ({ id, text: armCounts(scrape, armName(id, 'subject')) }))
      .filter(({ text }) => text !== '');
    if (counts.length === 0 || !this.#due()) return;
    for (const { id, text } of counts) this.note(`${id}  ${text}`);
  }

  #due(): boolean {
    if (Date.now() - this.#lastRepeat < everyMs) return false;
    this.#lastRepeat = Date.now();
    return true;
  }
}
