import uPlot from 'uplot';
import type { TimeSeries } from '../../time-series.js';
import { alongEdges, bucketEdges, type ChartFrame, chartOptions } from './chart-frame.mjs';

const stepped = uPlot.paths.stepped?.({ align: 1 });

/** Median and 99th percentile of the latency, a step per second; seconds without a request are gaps. */
export function latencyChart(frame: ChartFrame, data: TimeSeries): uPlot {
  const { theme } = frame;
  const percentile = (label: string, values: TimeSeries['p50Ms'], stroke: string, dash: number[]): uPlot.Series => ({
    label,
    stroke,
    dash,
    width: 1.5,
    ...(stepped && { paths: stepped }),
    points: { show: false },
    value: (_plot, _value, _series, second) =>
      milliseconds(second === null ? largest(values) : values[second], second === null),
  });
  const series = [percentile('p99', data.p99Ms, theme.p99, []), percentile('p50', data.p50Ms, theme.p50, [4, 2])];
  const options = chartOptions(frame, data, series, ' ms');
  const markers = { dash: (_plot: uPlot, index: number) => (series[index - 1]?.dash?.length ? 'dashed' : 'solid') };
  return new uPlot(
    { ...options, legend: { ...options.legend, markers } },
    [bucketEdges(data), alongEdges(data.p99Ms), alongEdges(data.p50Ms)],
    frame.plot,
  );
}

function largest(values: TimeSeries['p50Ms']): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

function milliseconds(value: number | null | undefined, isPeak: boolean): string {
  if (value === null || value === undefined) return 'no request';
  return `${isPeak ? 'up to ' : ''}${Math.round(value).toLocaleString('en')} ms`;
}
