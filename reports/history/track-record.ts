import type { Outcome } from '../../harness/model/outcome.js';
import type { PastRun } from './run-history.js';

/** How an experiment did over several runs. */
export interface TrackRecord {
  readonly experiment: string;
  readonly runs: number;
  /** How many runs came to each outcome. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** How often two runs in a row came to different outcomes: an experiment that wavers changes often. */
  readonly changes: number;
  /** The latest run that did not pass. */
  readonly lastTrouble?: { readonly run: string; readonly outcome: Outcome; readonly reason: string | undefined };
}

/** The track record of each experiment of these runs, in the order in which the runs name them; latest run first. */
export function trackRecords(runs: readonly PastRun[]): TrackRecord[] {
  const names = new Set(runs.flatMap(({ experiments }) => experiments.map(({ id }) => id)));
  return [...names].map((experiment) => {
    const results = runs.flatMap(({ run, experiments }) =>
      experiments.filter(({ id }) => id === experiment).map(({ outcome, reason }) => ({ run, outcome, reason })),
    );
    const outcomes = { pass: 0, fail: 0, inconclusive: 0, skipped: 0 };
    for (const { outcome } of results) outcomes[outcome] += 1;
    const lastTrouble = results.find(({ outcome }) => outcome === 'fail' || outcome === 'inconclusive');
    return {
      experiment,
      runs: results.length,
      outcomes,
      changes: results.filter(({ outcome }, place) => place > 0 && outcome !== results[place - 1]?.outcome).length,
      ...(lastTrouble === undefined ? {} : { lastTrouble }),
    };
  });
}
