import uPlot from 'uplot';
import type { TimeSeries } from '../../time-series.js';
import { statusName } from '../status-name.js';
import { alongEdges, bucketEdges, type ChartFrame, chartOptions } from './chart-frame.mjs';

const stepped = uPlot.paths.stepped?.({ align: 1 });

/** Requests per second, stacked by status: answers in ascending order, requests without one on top. */
export function statusChart(frame: ChartFrame, data: TimeSeries): uPlot {
  const upwards = data.statuses.toSorted((a, b) => (a.status || Infinity) - (b.status || Infinity));
  const heights = upwards.map((_, top) =>
    Array.from({ length: data.length }, (_, second) =>
      sum(upwards.slice(0, top + 1).map(({ counts }) => counts[second])),
    ),
  );
  // Each area reaches down to 0 and is opaque, so the highest is painted first and the others cover its lower part.
  const painted = upwards.map((status, index) => ({ ...status, heights: heights[index] ?? [] })).reverse();
  const series = painted.map(
    ({ status, counts }): uPlot.Series => ({
      label: statusName(status),
      fill: frame.theme.status(status),
      stroke: frame.theme.surface,
      width: 1,
      ...(stepped && { paths: stepped }),
      points: { show: false },
      value: (_plot, _height, _series, second) =>
        (second === null ? sum(counts) : (counts[second] ?? 0)).toLocaleString('en'),
    }),
  );
  const options = chartOptions(frame, data, series, '');
  const markers = {
    width: 0,
    fill: (_plot: uPlot, index: number) => frame.theme.status(painted[index - 1]?.status ?? 0),
  };
  return new uPlot(
    { ...options, legend: { ...options.legend, markers } },
    [bucketEdges(data), ...painted.map((each) => alongEdges(each.heights))],
    frame.plot,
  );
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
