import type uPlot from 'uplot';
import type { TimeSeries } from '../../time-series.js';
import type { ChartFrame } from './chart-frame.mjs';
import { latencyChart } from './latency-chart.mjs';
import { statusChart } from './status-chart.mjs';
import { readTheme } from './theme.mjs';

const makers = { requests: statusChart, latency: latencyChart };

/** Draws the charts of one arm into their places in `figure`. */
export function drawTimeline(figure: HTMLElement, series: TimeSeries): uPlot[] {
  const theme = readTheme();
  return Object.entries(makers).flatMap(([name, makeChart]) => {
    const chart = figure.querySelector<HTMLElement>(`[data-chart="${name}"]`);
    const plot = chart?.querySelector<HTMLElement>('.plot');
    if (!chart || !plot) return [];
    const frame: ChartFrame = {
      plot,
      legend: chart,
      theme,
      seconds: Number(figure.dataset.seconds),
      height: Number.parseFloat(getComputedStyle(plot).getPropertyValue('--plot-height')),
    };
    return [makeChart(frame, series)];
  });
}
