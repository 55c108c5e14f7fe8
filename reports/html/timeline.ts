import type { ArmRole } from '../../harness/model/experiment.js';
import type { TimeSeries } from '../time-series.js';
import { describeSeries } from './describe-series.js';
import { type Html, html } from './html.js';

const titles: Record<ArmRole, string> = {
  subject: 'As configured',
  control: 'Negative control: the protection removed',
};

/**
 * The place of one arm's charts, with their content in words. The page's script draws into it; without the script the
 * words remain.
 *
 * @param seconds how far the time axis reaches, the same for both arms so that they can be compared
 */
export function timeline(role: ArmRole, series: TimeSeries | undefined, seconds: number): Html {
  if (series === undefined || series.length === 0) {
    return html`<h3>${titles[role]}</h3>\n<p class="nothing">No client records: there is nothing to draw.</p>`;
  }
  const words = describeSeries(series);
  return html`<figure class="timeline ${role}" data-arm="${series.arm}" data-seconds="${seconds}">
<h3>${titles[role]}</h3>
<div class="chart" data-chart="requests">
<p class="chart-title" aria-hidden="true">Requests per second, by status</p>
<div class="plot" role="img" aria-label="Requests per second by status. ${words.requests} ${words.faults}"></div>
</div>
<div class="chart" data-chart="latency">
<p class="chart-title" aria-hidden="true">Latency per second, from the planned send time</p>
<div class="plot" role="img" aria-label="Latency per second. ${words.latency}"></div>
</div>
<figcaption>${words.requests} ${words.latency} ${words.faults}</figcaption>
</figure>`;
}
