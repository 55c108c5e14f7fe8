import type uPlot from 'uplot';
import type { TimeSeries } from '../../time-series.js';
import { labelRows } from '../label-rows.js';
import { faultBands, labelHeight } from './fault-bands.mjs';
import type { Theme } from './theme.mjs';

/** Where and how large to draw one chart. */
export interface ChartFrame {
  readonly plot: HTMLElement;
  /** Where the legend is put, besides the chart's title. */
  readonly legend: HTMLElement;
  readonly theme: Theme;
  /** How far the time axis reaches. */
  readonly seconds: number;
  /** Of the plotting area, in CSS pixels, without axis and labels. */
  readonly height: number;
}

const axisHeight = 28;
const axisWidth = 56;

/** Distances between the ticks of the time axis, in seconds. */
const tickSteps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600];

/** What both charts of an arm have in common: time axis, value axis from 0, fault bands, and a cursor shared by both. */
export function chartOptions(frame: ChartFrame, data: TimeSeries, series: uPlot.Series[], unit: string): uPlot.Options {
  const { theme } = frame;
  const rows = labelRows(data.faults);
  const labels = (Math.max(-1, ...rows) + 1) * labelHeight + 6;
  const axis: uPlot.Axis = {
    stroke: theme.ink,
    font: theme.font,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width: frame.plot.clientWidth,
    height: frame.height + axisHeight + labels,
    padding: [labels, 20, 0, 0],
    scales: {
      x: { time: false, range: [0, frame.seconds] },
      y: { range: (_plot, _min, max) => [0, Math.max(1, (max ?? 0) * 1.08)] },
    },
    axes: [
      { ...axis, size: axisHeight, incrs: tickSteps, values: (_plot, ticks) => ticks.map((tick) => `${tick} s`) },
      {
        ...axis,
        size: axisWidth,
        space: 28,
        values: (_plot, ticks) => ticks.map((tick) => tick.toLocaleString('en') + unit),
      },
    ],
    series: [{ label: 'Second', value: (_plot, second) => (second === null ? 'all' : String(second)) }, ...series],
    legend: { mount: (_plot, legend) => frame.legend.insertBefore(legend, frame.plot) },
    cursor: {
      y: false,
      drag: { setScale: false },
      points: { show: false },
      sync: { key: data.arm },
      // A bucket reaches to the right of its tick, so the pointer is in the bucket that began last, not in the nearest.
      dataIdx: (plot, _series, _nearest, seconds) => Math.min(Math.floor(seconds), plot.data[0].length - 1),
    },
    plugins: [faultBands(data.faults, rows, theme)],
  };
}

/** The left edges of the buckets, and the right edge of the last: without it the last bucket would have no width. */
export function bucketEdges(data: TimeSeries): number[] {
  return Array.from({ length: data.length + 1 }, (_, second) => second);
}

/** `values` of the buckets for {@link bucketEdges}. */
export function alongEdges<T>(values: readonly T[]): T[] {
  return [...values, ...values.slice(-1)];
}
