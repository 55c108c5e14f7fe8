import { createHash } from 'node:crypto';
import type { Run } from '../../harness/model/run.js';
import type { TimeSeries } from '../time-series.js';
import { embedJson } from './embed-json.js';
import { experimentSection } from './experiment-section.js';
import { experimentTable } from './experiment-table.js';
import { html, rawHtml } from './html.js';
import { pageAssets } from './page-assets.js';
import { readingGuide } from './reading-guide.js';
import { runHeader } from './run-header.js';
import { seriesIsland } from './series-island.js';

/**
 * The run as one HTML page that needs nothing else: no server, no network. Its content security policy refuses any
 * script that is not ours and every request.
 *
 * @param series of the arms of the run, in any order; an arm without one is shown without charts
 */
export function renderReport(run: Run, series: readonly TimeSeries[]): string {
  const { script, style } = pageAssets();
  const policy = `default-src 'none'; script-src '${sha256(script)}'; style-src '${sha256(style)}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Gauntlet: ${run.outcome}, ${run.run}</title>
<style>${rawHtml(style)}</style>
</head>
<body>
<main>
${runHeader(run)}
<section aria-labelledby="overview">
<h2 id="overview">Experiments</h2>
${experimentTable(run.experiments)}
</section>
${run.experiments.map((experiment) => experimentSection(experiment, series))}
${readingGuide()}
</main>
${embedJson(seriesIsland, series)}
<script>${rawHtml(script)}</script>
</body>
</html>
`;
  return page.text;
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
