import type { Calibration } from './calibration-schema.js';
import { compareLoads, compareMeasure } from './compare-loads.js';
import { crossCheck } from './cross-check.js';
import { findMaximum, heldWithinMs } from './find-maximum.js';
import {
  goals,
  judgeAccuracy,
  judgeAgreement,
  judgeMaximum,
  judgeNull,
  judgePlanted,
  judgeSaturation,
} from './judge-calibration.js';
import type { Bench } from './measure-load.js';
import { measureSteady, type SteadyLoad } from './measure-steady.js';
import { timing } from './timing.js';

/** What a calibration found out; the rest of the file says when and where. */
export type Findings = Pick<Calibration, 'maximum' | 'loads' | 'comparisons' | 'clients' | 'verdicts'>;

const durationMs = 5_000;
/** Large beside the band of a median, small beside what people call a regression. */
const plantedMs = 2;
const crossCheckRate = 60;

/** Everything: the generator's maximum, its errors below it, two null runs, a planted change, saturation, other clients. */
export async function calibrateFully(bench: Bench, say: (text: string) => void): Promise<Findings> {
  say('looking for the highest rate that the generator holds');
  const found = await findMaximum(timing, bench);
  const maximum = { ...found, steps: [...found.steps], heldWithinMs };
  say(`it holds ${found.ratePerSecond} a second`);
  if (found.ratePerSecond === 0) {
    return { maximum, loads: [], comparisons: [], clients: [], verdicts: [judgeMaximum(maximum)] };
  }
  const steady = (name: string, ofMaximum: number, laterMs = 0): Promise<SteadyLoad> => {
    const ratePerSecond = Math.round(found.ratePerSecond * ofMaximum);
    say(`${name}: ${ratePerSecond} a second for ${durationMs / 1000} s`);
    const delayed = { ...timing, ttftMs: timing.ttftMs + laterMs };
    return measureSteady(
      { name, kinds: ['requests', 'streams'], ratePerSecond, durationMs, timing: delayed, ofMaximum },
      bench,
    );
  };
  const quarter = await steady('at-25', 0.25);
  const half = await steady('at-50', 0.5);
  const again = await steady('at-50-again', 0.5);
  const planted = await steady('planted', 0.5, plantedMs);
  const threeQuarters = await steady('at-75', 0.75);
  const beyond = await steady('at-150', 1.5);
  say('clients: k6 streams, k6 WebSockets and OpenAI’s client side by side');
  const clients = await crossCheck(
    { name: 'clients', kinds: ['streams', 'sockets'], ratePerSecond: crossCheckRate, durationMs, timing, clients: 5 },
    bench,
  );
  const comparisons = compareLoads(half, again);
  const plantedComparison = compareMeasure(half, planted, 'ttft', 0.5, goals.biasMs);
  return {
    maximum,
    loads: [quarter, half, again, planted, threeQuarters, beyond, clients.steady].map(({ load }) => load),
    comparisons: [...comparisons, plantedComparison],
    clients: [...clients.k6, clients.application],
    verdicts: [
      judgeMaximum(maximum),
      judgeAccuracy(half.load, 'At 50 % of its maximum'),
      judgeNull([half.load, again.load], comparisons),
      judgePlanted([half.load, planted.load], plantedComparison, plantedMs),
      judgeSaturation(beyond.load),
      judgeAgreement(clients, clients.doubts),
    ],
  };
}
