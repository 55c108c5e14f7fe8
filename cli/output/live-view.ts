import type { RecordingEvent } from '../../chaos/experiments/record-run.js';
import { armName, type Experiment } from '../../harness/model/experiment.js';
import type { GatewayScrapeLine } from '../../stack/components/scrape-gateway.js';
import type { PreparationProgress } from '../../stack/prepare-runtime.js';
import { armCounts } from './arm-counts.js';
import { clock, preparationText } from './preparation-text.js';
import type { RunView } from './run-view.js';
import { type Screen, ScreenBlock } from './screen-block.js';

const tickMs = 1_000;

/** One experiment while it is recorded. */
interface Row {
  readonly id: string;
  readonly loads: Map<string, { readonly endsAt: number; readonly ended: boolean }>;
  readonly faults: Set<string>;
}

/** A run on a terminal: what setting up does, then a line for each experiment, all rewritten in place. */
export class LiveView implements RunView {
  readonly #block: ScreenBlock;
  readonly #began = Date.now();
  readonly #timer: NodeJS.Timeout;
  readonly #before: string[] = [];
  readonly #after: string[] = [];
  /** What setting up is busy with, by program or image. */
  readonly #preparations = new Map<string, string>();
  #rows: readonly Row[] = [];
  #scrape: GatewayScrapeLine | undefined;
  #closed = false;

  constructor(screen: Screen = process.stderr) {
    this.#block = new ScreenBlock(screen);
    this.#timer = setInterval(() => this.#draw(), tickMs);
  }

  note(text: string): void {
    (this.#rows.length === 0 ? this.#before : this.#after).push(text);
    this.#draw();
  }

  preparing(event: PreparationProgress): void {
    const key = event.type === 'binary' ? event.progress.name : event.progress.program;
    this.#preparations.set(key, preparationText(event));
    this.#draw();
  }

  recording(event: RecordingEvent, experiments: readonly Experiment[]): void {
    switch (event.type) {
      case 'stack-starting':
        this.#preparations.clear();
        this.#preparations.set('stack', 'starting the stack');
        break;
      case 'stack-ready':
        this.#preparations.clear();
        this.#before.push(`stack ready after ${(event.elapsedMs / 1000).toFixed(1)} s`);
        this.#rows = experiments.map(({ id }) => ({ id, loads: new Map(), faults: new Set() }));
        break;
      case 'load-started':
        this.#rowOf(event.arm)?.loads.set(event.arm, { endsAt: Date.now() + event.durationMs, ended: false });
        break;
      case 'load-ended':
        this.#rowOf(event.arm)?.loads.set(event.arm, { endsAt: Date.now(), ended: true });
        break;
      case 'fault-applied':
        this.#faultsOf(event.arm)?.add(event.title);
        break;
      case 'fault-healed':
        this.#faultsOf(event.arm)?.delete(event.title);
        break;
      case 'scrape':
        this.#scrape = event.scrape;
        break;
    }
    this.#draw();
  }

  interrupted(): void {
    this.note('interrupted: ending what was started …');
  }

  close(): void {
    if (this.#closed) return;
    this.#draw();
    this.#closed = true;
    clearInterval(this.#timer);
  }

  #rowOf(arm: string): Row | undefined {
    return this.#rows.find(({ id }) => arm === armName(id, 'subject') || arm === armName(id, 'control'));
  }

  /** The faults that a row shows. Both arms have the same ones. */
  #faultsOf(arm: string): Set<string> | undefined {
    return this.#rows.find(({ id }) => arm === armName(id, 'subject'))?.faults;
  }

  #draw(): void {
    if (this.#closed) return;
    const width = Math.max(...this.#rows.map(({ id }) => id.length));
    const recording = this.#rows.length > 0 && this.#after.length === 0;
    const lines = [
      ...this.#before,
      ...this.#preparations.values(),
      ...this.#rows.map((row) => this.#line(row, width)),
      ...this.#after,
      ...(recording ? ['recording'] : []),
    ];
    const elapsed = clock(Date.now() - this.#began).padStart(5);
    // The clock shows that it is alive, where nothing else moves for minutes.
    this.#block.show(lines.map((line, index) => `${index === lines.length - 1 ? elapsed : '     '}  ${line}`));
  }

  #line({ id, loads, faults }: Row, width: number): string {
    const states = [...loads.values()];
    const left = Math.max(0, ...states.filter(({ ended }) => !ended).map(({ endsAt }) => endsAt - Date.now()));
    const recorded = states.length === 2 && states.every(({ ended }) => ended);
    const state = states.length === 0 ? 'starting' : recorded ? 'recorded' : `${clock(left)} left`;
    const counts = armCounts(this.#scrape, armName(id, 'subject'));
    const parts = [id.padEnd(width), state.padEnd(9), counts, faults.size === 0 ? '' : `· ${[...faults].join(', ')}`];
    return parts
      .filter((part) => part !== '')
      .join('  ')
      .trimEnd();
  }
}
