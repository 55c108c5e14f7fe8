import type { Timing } from '../../stack/components/delay-server.js';
import { loadShape } from './load-shape.js';
import { type Bench, type MeasuredLoad, measureLoad } from './measure-load.js';
import { percentile } from './percentile.js';

/** What the generator made of one rate. */
export interface Step {
  readonly ratePerSecond: number;
  /** 99th percentile of how much later than planned its requests left; null when none did. */
  readonly lateP99Ms: number | null;
  /** Whether all of them left, got their whole answer, and left in time. */
  readonly held: boolean;
}

/** The highest rate that the generator holds, and what it was found from. */
export interface Maximum {
  readonly ratePerSecond: number;
  readonly steps: readonly Step[];
}

/** A rate is held when 99 % of its requests leave at most this much later than planned. */
export const heldWithinMs = 50;

const stepMs = 1_000;
const lowestRate = 200;
const growth = 1.5;
/** Up to some 17,000 a second. */
const coarseSteps = 12;
const fineSteps = 4;

/**
 * Finds the highest rate of requests and streams, in equal parts, that the generator holds beside the known-delay server
 * on this machine. Bounded: a staircase of at most 12 seconds whose rate grows by half with each, and one of 4 seconds
 * between the last step that held and the first that did not. The generator gives up by itself when it is hopelessly late.
 */
export async function findMaximum(timing: Timing, bench: Bench): Promise<Maximum> {
  const coarse = Array.from({ length: coarseSteps }, (_, step) => Math.round(lowestRate * growth ** step));
  const first = await climb('staircase-1', coarse, timing, bench);
  const low = lastHeld(first);
  const high = first.find((step) => !step.held)?.ratePerSecond;
  if (low === undefined || high === undefined) return { ratePerSecond: low ?? 0, steps: first };
  const width = (high - low) / (fineSteps + 1);
  const fine = Array.from({ length: fineSteps }, (_, step) => Math.round(low + (step + 1) * width));
  const second = await climb('staircase-2', fine, timing, bench);
  return { ratePerSecond: lastHeld(second) ?? low, steps: [...first, ...second] };
}

async function climb(name: string, rates: readonly number[], timing: Timing, bench: Bench): Promise<readonly Step[]> {
  const stages = rates.map((ratePerSecond, step) => ({
    fromMs: step * stepMs,
    untilMs: (step + 1) * stepMs,
    ratePerSecond,
  }));
  const traffic = loadShape(['requests', 'streams'], stages, bench.seed);
  return stepsOf(rates, await measureLoad({ name, traffic, timing }, bench));
}

/** What became of each step of a staircase. */
export function stepsOf(
  rates: readonly number[],
  { planned, exchanges }: Pick<MeasuredLoad, 'planned' | 'exchanges'>,
): readonly Step[] {
  const whole = new Map(exchanges.filter((each) => each.done).map((each) => [each.requestId, each]));
  return rates.map((ratePerSecond, step) => {
    const due = planned.filter(({ atMs }) => Math.floor(atMs / stepMs) === step);
    const answered = due.flatMap(({ requestId }) => whole.get(requestId) ?? []);
    const lateP99Ms = percentile(
      answered.map((each) => each.sentAt - each.intendedAt),
      0.99,
    );
    const held = answered.length === due.length && lateP99Ms !== null && lateP99Ms <= heldWithinMs;
    return { ratePerSecond, lateP99Ms, held };
  });
}

/** The rate of the last step before the first that did not hold; undefined when none held. */
export function lastHeld(steps: readonly Step[]): number | undefined {
  const broken = steps.findIndex((step) => !step.held);
  return steps[(broken === -1 ? steps.length : broken) - 1]?.ratePerSecond;
}
