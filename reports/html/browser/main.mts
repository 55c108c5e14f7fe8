import type { TimeSeries } from '../../time-series.js';
import { seriesIsland } from '../series-island.js';
import { drawTimeline } from './draw-timeline.mjs';

const island = document.getElementById(seriesIsland);
const allSeries: readonly TimeSeries[] = JSON.parse(island?.textContent ?? '[]');

let charts: { destroy(): void }[] = [];

function draw(): void {
  for (const chart of charts) chart.destroy();
  charts = [...document.querySelectorAll<HTMLElement>('.timeline')].flatMap((figure) => {
    const series = allSeries.find(({ arm }) => arm === figure.dataset.arm);
    return series === undefined ? [] : drawTimeline(figure, series);
  });
}

draw();

// Canvases do not follow style sheets: a new colour scheme or width needs new charts.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
let drawnWidth = innerWidth;
addEventListener('resize', () => {
  if (innerWidth === drawnWidth) return;
  drawnWidth = innerWidth;
  draw();
});

// The event comes before the print layout, so the page has to take its printed shape here for the charts to fit it.
let closed: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  closed = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
  for (const details of closed) details.open = true;
  document.documentElement.classList.add('printing');
  draw();
});
addEventListener('afterprint', () => {
  for (const details of closed) details.open = false;
  document.documentElement.classList.remove('printing');
  draw();
});
