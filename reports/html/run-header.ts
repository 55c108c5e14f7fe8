import { accuracyInWords, type GeneratorAccuracy } from '../../harness/model/generator-accuracy.js';
import type { Outcome } from '../../harness/model/outcome.js';
import type { ExperimentResult, Run } from '../../harness/model/run.js';
import { formatDuration } from './format-duration.js';
import { type Html, html } from './html.js';
import { outcomeLabel } from './outcome-label.js';

const headlines: Record<Outcome, string> = {
  pass: 'Run passed',
  fail: 'Run failed',
  inconclusive: 'Run inconclusive',
  skipped: 'Run skipped',
};

/** The run's outcome and what it was made with. */
export function runHeader(run: Run): Html {
  const versions = Object.entries(run.versions).map(([name, version]) => html`<li>${name} ${version}</li>`);
  return html`<header class="run">
<p class="product">Gauntlet · resilience report</p>
<h1>${outcomeLabel(run.outcome, headlines[run.outcome])}</h1>
<p class="lead">${summary(run.experiments)}</p>
<dl>
<div><dt>Started</dt><dd><time datetime="${run.startedAt}">${instant(run.startedAt)}</time></dd></div>
<div><dt>Duration</dt><dd>${formatDuration(run.durationMs)}</dd></div>
<div><dt>Profile</dt><dd>${run.profile}</dd></div>
<div><dt>Runtime</dt><dd>${run.runtime}</dd></div>
<div><dt>Seed</dt><dd>${run.seed}</dd></div>
<div><dt>Run</dt><dd>${run.run}</dd></div>
<div class="wide"><dt>Versions</dt><dd><ul class="inline">${versions}</ul></dd></div>
${run.calibration === undefined ? '' : generatorError(run.calibration)}
</dl>
</header>`;
}

function generatorError(calibration: GeneratorAccuracy): Html {
  const { outcome, reason, ratePerSecond } = calibration;
  return html`<div class="wide"><dt>Error of the load generator at ${ratePerSecond} a second</dt>
<dd>${outcomeLabel(outcome)} ${accuracyInWords(calibration)}${reason === undefined ? '' : `. ${reason}`}</dd></div>`;
}

function summary(experiments: readonly ExperimentResult[]): string {
  const said: readonly (readonly [Outcome, string])[] = [
    ['fail', 'failed'],
    ['inconclusive', 'inconclusive'],
    ['skipped', 'skipped'],
    ['pass', 'passed'],
  ];
  const parts = said
    .map(([outcome, word]) => [experiments.filter((each) => each.outcome === outcome).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  if (parts.length === 0) return 'No experiment was run.';
  return `${experiments.length} ${experiments.length === 1 ? 'experiment' : 'experiments'}: ${parts.join(', ')}.`;
}

function instant(iso: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(iso));
  return `${day}, ${iso.slice(11, 19)} UTC`;
}
