import { type ArmRole, armName } from '../../harness/model/experiment.js';
import type { ExperimentResult } from '../../harness/model/run.js';
import { bucketMs, type TimeSeries } from '../time-series.js';
import { type Html, html } from './html.js';
import { controlLabel, outcomeLabel } from './outcome-label.js';
import { timeline } from './timeline.js';
import { verdictTable } from './verdict-table.js';

/** One experiment: what came of it, its verdicts, and what its clients saw over time. */
export function experimentSection(experiment: ExperimentResult, series: readonly TimeSeries[]): Html {
  const heading = `experiment-${experiment.id}`;
  const { negativeControl, verdicts } = experiment;
  const seriesOf = (role: ArmRole) => series.find(({ arm }) => arm === armName(experiment.id, role));
  const arms = (['subject', 'control'] as const).map((role) => [role, seriesOf(role)] as const);
  const seconds = Math.max(0, ...arms.map(([, each]) => reach(each)));
  return html`<section class="experiment" aria-labelledby="${heading}">
<div class="title"><h2 id="${heading}">${experiment.title}</h2>${outcomeLabel(experiment.outcome)}</div>
${experiment.reason === undefined ? '' : html`<p class="reason">${experiment.reason}</p>`}
${verdictTable('conformance', verdicts)}
${verdictTable('guarantee', verdicts)}
<p class="control-proof">${controlLabel(negativeControl)} <strong>Negative control.</strong> ${negativeControl.reason}</p>
${arms.map(([role, each]) => timeline(role, each, seconds))}
</section>`;
}

/** How many seconds the arm's time axis needs: faults may outlast the load. */
function reach(series: TimeSeries | undefined): number {
  if (series === undefined) return 0;
  const ends = series.faults.map(({ untilMs }) => untilMs);
  return Math.ceil(Math.max(series.length * bucketMs, ...ends) / 1000);
}
