import type uPlot from 'uplot';
import type { FaultBand } from '../../time-series.js';
import type { Theme } from './theme.mjs';

/** Height of one row of fault labels, in CSS pixels. */
export const labelHeight = 16;

const labelGap = 6;

/** A fault with the row of its label; row 0 is the lowest. */
interface LabelledFault {
  readonly fault: FaultBand;
  readonly row: number;
}

/** Shades the time in which each fault acted, with its title above the plotting area. */
export function faultBands(faults: readonly FaultBand[], rows: readonly number[], theme: Theme): uPlot.Plugin {
  const labelled = faults.map((fault, index): LabelledFault => ({ fault, row: rows[index] ?? 0 }));
  return {
    hooks: {
      draw: (plot) => {
        plot.ctx.save();
        for (const fault of faults) shade(plot, fault, theme);
        for (const row of new Set(rows)) {
          const ofRow = labelled.filter((each) => each.row === row).sort((a, b) => a.fault.fromMs - b.fault.fromMs);
          writeLabels(plot, ofRow, theme);
        }
        plot.ctx.restore();
      },
    },
  };
}

function shade(plot: uPlot, fault: FaultBand, theme: Theme): void {
  const { ctx, bbox } = plot;
  const from = xOf(plot, fault.fromMs);
  const until = xOf(plot, fault.untilMs);
  ctx.fillStyle = theme.faultShade;
  ctx.fillRect(from, bbox.top, until - from, bbox.height);
  ctx.strokeStyle = theme.fault;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  for (const x of [from, until]) {
    ctx.moveTo(x, bbox.top - 3 * devicePixelRatio);
    ctx.lineTo(x, bbox.top + bbox.height);
  }
  ctx.moveTo(from, bbox.top);
  ctx.lineTo(until, bbox.top);
  ctx.stroke();
}

/** Writes the labels of one row, in time order: cut where the next begins, the last moved left if the edge is near. */
function writeLabels(plot: uPlot, labels: readonly LabelledFault[], theme: Theme): void {
  const { ctx, bbox } = plot;
  ctx.fillStyle = theme.fault;
  ctx.font = theme.font.replace('11px', `${11 * devicePixelRatio}px`);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  let free = bbox.left;
  for (const [place, { fault, row }] of labels.entries()) {
    const next = labels[place + 1];
    const limit = next === undefined ? right(plot) : xOf(plot, next.fault.fromMs) - labelGap * devicePixelRatio;
    const wanted = ctx.measureText(fault.title).width;
    const from = xOf(plot, fault.fromMs);
    const left = next === undefined ? Math.max(free, Math.min(from, limit - wanted)) : from;
    const text = shorten(ctx, fault.title, limit - left);
    ctx.fillText(text, left, bbox.top - (4 + row * labelHeight) * devicePixelRatio);
    free = left + ctx.measureText(text).width + labelGap * devicePixelRatio;
  }
}

function shorten(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  let fitting = text;
  while (fitting.length > 1 && ctx.measureText(fitting).width > width) fitting = `${fitting.slice(0, -2).trimEnd()}…`;
  return fitting;
}

/** Where an instant is on the canvas, kept within the plotting area. */
function xOf(plot: uPlot, ms: number): number {
  return Math.min(right(plot), Math.max(plot.bbox.left, plot.valToPos(ms / 1000, 'x', true)));
}

function right(plot: uPlot): number {
  return plot.bbox.left + plot.bbox.width;
}
