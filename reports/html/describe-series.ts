import type { TimeSeries } from '../time-series.js';
import { statusName } from './status-name.js';

/** What the charts of one arm show, in sentences. */
export interface SeriesDescription {
  readonly requests: string;
  readonly latency: string;
  readonly faults: string;
}

/** The text alternative of an arm's charts: the numbers that a reader would take from them. */
export function describeSeries(series: TimeSeries): SeriesDescription {
  return { requests: requests(series), latency: latency(series), faults: faults(series) };
}

function requests({ statuses, length }: TimeSeries): string {
  const totals = statuses.map(({ status, counts }) => ({ status, total: counts.reduce((sum, each) => sum + each, 0) }));
  const all = totals.reduce((sum, { total }) => sum + total, 0);
  const answers = totals
    .sort((a, b) => b.total - a.total)
    .map(({ status, total }) => `${total.toLocaleString('en')} × ${statusName(status)}`);
  return `${all.toLocaleString('en')} requests in ${length} s: ${answers.join(', ')}.`;
}

function latency({ p50Ms, p99Ms }: TimeSeries): string {
  const medians = p50Ms.filter((each) => each !== null).sort((a, b) => a - b);
  const peak = p99Ms.reduce<number>((most, each) => Math.max(most, each ?? 0), 0);
  const typical = medians[Math.floor(medians.length / 2)];
  if (typical === undefined) return 'No latency was measured.';
  return `p50 latency was typically ${milliseconds(typical)}; p99 peaked at ${milliseconds(peak)}, in second ${p99Ms.indexOf(peak)}.`;
}

function faults({ faults }: TimeSeries): string {
  if (faults.length === 0) return 'No fault was injected.';
  return faults
    .map(({ title, fromMs, untilMs, error }) => {
      const span = `${title} from ${seconds(fromMs)} to ${seconds(untilMs)}`;
      return `Fault: ${span}${error === undefined ? '' : ` (with an error: ${error})`}.`;
    })
    .join(' ');
}

function milliseconds(value: number): string {
  return `${Math.round(value).toLocaleString('en')} ms`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
