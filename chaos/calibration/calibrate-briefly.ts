import type { Findings } from './calibrate-fully.js';
import { compareLoads } from './compare-loads.js';
import { crossCheck } from './cross-check.js';
import { judgeAccuracy, judgeAgreement, judgeNull } from './judge-calibration.js';
import type { Bench } from './measure-load.js';
import { measureSteady } from './measure-steady.js';
import { timing } from './timing.js';

/** About what all experiments of a run send together. */
const ratePerSecond = 240;
const durationMs = 2_500;

/** What takes a few seconds: the errors at the rate of a usual run, the same again as a null run, and the other clients. */
export async function calibrateBriefly(bench: Bench, say: (text: string) => void): Promise<Findings> {
  const request = {
    kinds: ['requests', 'streams', 'sockets'] as const,
    ratePerSecond,
    durationMs,
    timing,
    clients: 10,
  };
  say(`usual: ${ratePerSecond} a second for ${durationMs / 1000} s, with OpenAI’s client beside it`);
  const first = await crossCheck({ ...request, name: 'usual' }, bench);
  say('usual-again: the same without it');
  const second = await measureSteady({ ...request, name: 'usual-again' }, bench);
  const comparisons = compareLoads(first.steady, second);
  const loads = [first.steady.load, second.load];
  return {
    loads,
    comparisons,
    clients: [...first.k6, first.application],
    verdicts: [
      judgeAccuracy(first.steady.load, `At ${ratePerSecond} a second`),
      judgeNull(loads, comparisons),
      judgeAgreement(first, first.doubts),
    ],
  };
}
