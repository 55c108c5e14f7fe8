import type { RecordingEvent } from '../../chaos/experiments/record-run.js';
import type { Experiment } from '../../harness/model/experiment.js';
import type { PreparationProgress } from '../../stack/prepare-runtime.js';

/** How a run shows itself while it goes on. */
export interface RunView {
  note(text: string): void;
  preparing(progress: PreparationProgress): void;
  recording(event: RecordingEvent, experiments: readonly Experiment[]): void;
  /** A person wants it to end. */
  interrupted(): void;
  /** Nothing more will be shown live. May be called more than once. */
  close(): void;
}
