import type { Outcome } from '../../harness/model/outcome.js';
import type { ExperimentResult } from '../../harness/model/run.js';
import { dataTable } from './data-table.js';
import { type Html, html } from './html.js';
import { controlLabel, outcomeLabel } from './outcome-label.js';

const worstFirst: readonly Outcome[] = ['fail', 'inconclusive', 'skipped', 'pass'];

/** All experiments at a glance, in the run's order. */
export function experimentTable(experiments: readonly ExperimentResult[]): Html {
  return dataTable(
    'experiments',
    html`<span class="unseen">All experiments of this run</span>`,
    ['Experiment', 'Outcome', 'Claims', 'Why', 'Negative control'],
    experiments.map((experiment) => [
      html`<a href="#experiment-${experiment.id}">${experiment.title}</a>`,
      outcomeLabel(experiment.outcome),
      claims(experiment),
      experiment.reason ??
        html`<span class="nothing">${experiment.outcome === 'pass' ? 'Every claim held.' : 'not recorded'}</span>`,
      controlLabel(experiment.negativeControl),
    ]),
  );
}

function claims({ verdicts }: ExperimentResult): Html {
  const counts = worstFirst
    .map((outcome) => [verdicts.filter((verdict) => verdict.outcome === outcome).length, outcome] as const)
    .filter(([count]) => count > 0)
    .map(([count, outcome]) => `${count} ${outcome}`);
  return html`${verdicts.length} <span class="check">${counts.join(', ')}</span>`;
}
