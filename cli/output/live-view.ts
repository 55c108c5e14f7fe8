import { Listr, type ListrTaskWrapper } from 'listr2';
import type { RecordingEvent } from '../../chaos/experiments/record-run.js';
import { armName, type Experiment } from '../../harness/model/experiment.js';
import type { PreparationProgress } from '../../stack/prepare-runtime.js';
import { armCounts } from './arm-counts.js';
import { preparationText } from './preparation-text.js';
import type { RunView } from './run-view.js';

/** A line on the terminal that can be rewritten until it has ended. */
interface Line {
  title: string;
  readonly end: () => void;
  readonly ended: Promise<void>;
  wrapper?: ListrTaskWrapper<unknown, never, never>;
}

const setup = 'set-up';

/** A run on a terminal: first a line for the set-up, then one for each experiment, rewritten in place. */
export class LiveView implements RunView {
  readonly #lines = new Map<string, Line>();
  readonly #faults = new Map<string, string>();
  readonly #loadEnds = new Map<string, number>();
  /** The lists that have been opened, one after the other: two at once would write over each other. */
  #shown: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#open([setup]);
  }

  note(text: string): void {
    this.#rewrite(setup, text);
  }

  preparing(event: PreparationProgress): void {
    this.#rewrite(setup, `Set up: ${preparationText(event)}`);
  }

  recording(event: RecordingEvent, experiments: readonly Experiment[]): void {
    switch (event.type) {
      case 'stack-starting':
        this.#rewrite(setup, 'Starting the stack');
        break;
      case 'stack-ready':
        this.#rewrite(setup, `Stack ready after ${(event.elapsedMs / 1000).toFixed(1)} s`);
        this.#lines.get(setup)?.end();
        this.#open(experiments.map(({ id }) => id));
        break;
      case 'load-started':
        this.#loadEnds.set(event.arm, Date.now() + event.durationMs);
        break;
      case 'fault-applied':
        this.#faults.set(event.arm, event.title);
        break;
      case 'fault-healed':
        this.#faults.delete(event.arm);
        break;
      case 'load-ended': {
        this.#loadEnds.delete(event.arm);
        const over = experiments.find(({ id }) => arms(id).includes(event.arm));
        if (over && !arms(over.id).some((arm) => this.#loadEnds.has(arm))) this.#lines.get(over.id)?.end();
        break;
      }
      case 'scrape':
        for (const { id } of experiments) {
          const subject = armName(id, 'subject');
          const end = this.#loadEnds.get(subject);
          if (end === undefined) continue;
          const left = `${Math.max(0, Math.ceil((end - Date.now()) / 1000))} s left`;
          const parts = [left, this.#faults.get(subject), armCounts(event.scrape, subject)];
          this.#rewrite(id, `${id}  ${parts.filter(Boolean).join(' · ')}`);
        }
        break;
    }
  }

  async close(): Promise<void> {
    for (const line of this.#lines.values()) line.end();
    await this.#shown;
  }

  #rewrite(key: string, title: string): void {
    const line = this.#lines.get(key);
    if (line === undefined) return;
    line.title = title;
    if (line.wrapper) line.wrapper.title = title;
  }

  #open(keys: readonly string[]): void {
    const lines = keys.map((key): Line => {
      let end: () => void = () => undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const line: Line = { title: key, end, ended };
      this.#lines.set(key, line);
      return line;
    });
    this.#shown = this.#shown.then(() =>
      new Listr(
        lines.map((line) => ({
          title: line.title,
          task: (_context: unknown, task: unknown) => {
            line.wrapper = task as ListrTaskWrapper<unknown, never, never>;
            line.wrapper.title = line.title;
            return line.ended;
          },
        })),
        { concurrent: true, registerSignalListeners: false },
      ).run(),
    );
  }
}

function arms(experiment: string): string[] {
  return [armName(experiment, 'subject'), armName(experiment, 'control')];
}
