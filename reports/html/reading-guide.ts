import { type Html, html } from './html.js';

/** The terms of the report, for a reader who meets it for the first time. */
export function readingGuide(): Html {
  return html`<section class="guide" aria-labelledby="guide">
<h2 id="guide">How to read this</h2>
<dl>
<div><dt>Inconclusive</dt><dd>The evidence cannot decide: a fault did not bite, the load generator fell behind, or a record is missing. It is never counted as a pass.</dd></div>
<div><dt>Negative control</dt><dd>The same traffic and faults with the protection removed. It must fail: that shows that the checks can. If it does not, the experiment is inconclusive.</dd></div>
<div><dt>Latency</dt><dd>Counts from the moment at which the schedule wanted the request sent until its answer or its failure. Percentiles are values that were measured (nearest rank), of all requests that were due in that second.</dd></div>
<div><dt>Fault bands</dt><dd>Shaded from the moment the injector had confirmed the fault until it had confirmed the heal.</dd></div>
</dl>
</section>`;
}
