import type { Outcome } from '../../harness/model/outcome.js';
import type { PastRun } from '../../reports/history/run-history.js';
import type { TrackRecord } from '../../reports/history/track-record.js';
import { colour } from './colour.js';
import { paint } from './verdict-table.js';

const longestOutcome = 'INCONCLUSIVE'.length;

/**
 * Past runs for people: a line for each run, the latest first, and under it why an experiment did not pass; then how each
 * experiment did over all of them.
 */
export function historyText(runs: readonly PastRun[], records: readonly TrackRecord[]): string {
  const runWidth = widest(
    runs.map(({ run }) => run),
    'RUN',
  );
  const tookWidth = widest(runs.map(took), 'TOOK');
  const traefikWidth = widest(runs.map(traefik), 'TRAEFIK');
  const head = [
    'RUN'.padEnd(runWidth),
    'OUTCOME'.padEnd(longestOutcome),
    'STARTED (UTC)'.padEnd(19),
    'TOOK'.padStart(tookWidth),
    'TRAEFIK'.padEnd(traefikWidth),
    'RUNTIME',
    'EXPERIMENTS',
  ];
  const lines = runs.flatMap((run) => [
    [
      run.run.padEnd(runWidth),
      padded(run.outcome),
      run.startedAt.slice(0, 19).replace('T', ' '),
      took(run).padStart(tookWidth),
      traefik(run).padEnd(traefikWidth),
      run.runtime.padEnd(7),
      counts(run),
    ].join('  '),
    ...troubles(run),
  ]);
  return [colour('bold', head.join('  ')), ...lines, '', ...trackRecordLines(runs.length, records)].join('\n');
}

function trackRecordLines(runs: number, records: readonly TrackRecord[]): string[] {
  const width = widest(
    records.map(({ experiment }) => experiment),
    'EXPERIMENT',
  );
  const head = ['EXPERIMENT'.padEnd(width), 'RUNS', 'PASS', 'FAIL', 'INCONCLUSIVE', 'CHANGES', 'LAST NOT PASSED'];
  return [
    runs === 1 ? 'Over this run:' : `Over these ${runs} runs:`,
    colour('bold', head.join('  ')),
    ...records.map(({ experiment, runs: amount, outcomes, changes, lastTrouble }) =>
      [
        experiment.padEnd(width),
        String(amount).padStart(4),
        String(outcomes.pass).padStart(4),
        String(outcomes.fail).padStart(4),
        `${outcomes.inconclusive}${share(outcomes.inconclusive, amount)}`.padStart(longestOutcome),
        String(changes).padStart(7),
        lastTrouble === undefined ? 'never' : `${lastTrouble.run} (${lastTrouble.outcome})`,
      ].join('  '),
    ),
  ];
}

function troubles({ experiments }: PastRun): string[] {
  return experiments
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'inconclusive')
    .map(({ id, outcome, reason }) => `  ${paint(outcome)} ${id}${reason === undefined ? '' : `: ${reason}`}`);
}

function counts({ experiments }: PastRun): string {
  return (['pass', 'fail', 'inconclusive', 'skipped'] as const)
    .map((outcome) => [experiments.filter((each) => each.outcome === outcome).length, outcome] as const)
    .filter(([amount]) => amount > 0)
    .map(([amount, outcome]) => `${amount} ${outcome}`)
    .join(', ');
}

function took({ durationMs }: PastRun): string {
  return `${Math.round(durationMs / 1000)} s`;
}

function traefik({ versions }: PastRun): string {
  return versions.traefik ?? 'unknown';
}

/** Coloured after padding: colours have no width. */
function padded(outcome: Outcome): string {
  return paint(outcome, outcome.toUpperCase().padEnd(longestOutcome));
}

function share(part: number, whole: number): string {
  return part === 0 ? '' : ` (${Math.round((100 * part) / whole)} %)`;
}

function widest(texts: readonly string[], head: string): number {
  return Math.max(head.length, ...texts.map(({ length }) => length));
}
