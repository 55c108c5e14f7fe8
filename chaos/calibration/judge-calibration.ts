import { decided, undecided } from '../../harness/checks/finding.js';
import type { Finding } from '../../harness/model/verdict.js';
import type { Calibration } from './calibration-schema.js';
import type { ErrorSummary } from './summarise-errors.js';

/** How exact a measurement has to be: the median of its errors, and 99 % of them, in milliseconds. */
export const goals = { biasMs: 0.5, p99Ms: 3 };

type Load = Calibration['loads'][number];
type Client = Calibration['clients'][number];
type Verdict = Calibration['verdicts'][number];
type Maximum = NonNullable<Calibration['maximum']>;
type Comparison = Calibration['comparisons'][number];

/** What clients of different kinds told of one server. */
interface Clients {
  readonly k6: readonly Client[];
  /** One that applications use. */
  readonly application: Client;
}

const measures = { ttft: 'TTFT', gap: 'gaps', latency: 'latency' } as const;

/** Whether the generator has a maximum at all on this machine, and the search came to its end. */
export function judgeMaximum({ ratePerSecond, heldWithinMs, steps }: Maximum): Verdict {
  const expected = `a rate at which 99 % of the requests leave within ${heldWithinMs} ms of their plan`;
  const [lowest] = steps;
  const finding =
    ratePerSecond === 0
      ? undecided(expected, `not even ${lowest?.ratePerSecond} a second: this machine is too busy, or too small`)
      : decided(true, expected, `${ratePerSecond} a second, half of them streams`, []);
  return { claim: 'The generator has a maximum, and it was found', ...finding };
}

/** Whether the generator measures as exactly as it should while it makes this load. */
export function judgeAccuracy(load: Load, words: string): Verdict {
  const expected = `median error below ${goals.biasMs} ms, 99 % below ${goals.p99Ms} ms`;
  const names = Object.keys(measures) as (keyof typeof measures)[];
  const measured = names.map((name) => `${measures[name]} ${inWords(load.errors[name])}`).join('; ');
  return {
    claim: `${words}, TTFT, gaps and latency are exact`,
    ...trusted(load, expected, () =>
      decided(
        names.every((name) => isExact(load.errors[name])),
        expected,
        measured,
        [load.name],
      ),
    ),
  };
}

/** Whether two loads that are the same compare as the same. */
export function judgeNull(loads: readonly Load[], comparisons: readonly Comparison[]): Verdict {
  const expected = 'no change in any quantile';
  const told = comparisons.filter(({ change }) => change !== 'no change');
  const widest = Math.max(...comparisons.map(({ differenceMs }) => Math.abs(differenceMs ?? Number.POSITIVE_INFINITY)));
  const finding = (): Finding => {
    if (told.length === 0 && comparisons.length > 0) {
      return decided(true, expected, `no change in ${comparisons.length}; at most ${milliseconds(widest)} apart`, []);
    }
    const words = told.map((each) => `${each.change} in ${quantileInWords(each)}: ${intervalInWords(each)}`).join('; ');
    return told.some(({ change }) => change === 'change')
      ? decided(false, expected, words, [])
      : undecided(expected, words || 'nothing could be compared');
  };
  return { claim: 'The same load run twice shows no change', ...allTrusted(loads, expected, finding) };
}

/** Whether a change that was made on purpose is found: without that, "no change" would mean nothing. */
export function judgePlanted(loads: readonly Load[], comparison: Comparison, plantedMs: number): Verdict {
  const expected = `a change of TTFT by ${plantedMs} ms`;
  return {
    claim: `First tokens that come ${plantedMs} ms later show as a change`,
    ...allTrusted(loads, expected, () =>
      comparison.change === 'undecided'
        ? undecided(expected, `undecided: ${intervalInWords(comparison)}`)
        : decided(comparison.change === 'change', expected, `${comparison.change}: ${intervalInWords(comparison)}`, []),
    ),
  };
}

/** Whether a generator from which too much is asked says so. */
export function judgeSaturation(load: Load): Verdict {
  const expected = 'declared saturated';
  const finding =
    load.problems.length > 0 && load.saturation.length === 0
      ? undecided(expected, load.problems.join('; '))
      : decided(load.saturation.length > 0, expected, load.saturation.join('; ') || 'it claims to have kept up', []);
  return { claim: `A generator that is asked for ${percent(load.ofMaximum)} of its maximum says so`, ...finding };
}

/**
 * Whether several clients tell the same of the same server. They may lie as far apart as one of them may lie from the
 * truth. Only the time to first token of an application's client is not bounded upwards: what it adds by building its
 * request is its own, and no error of the generator. It sees no token before it is there: where it is ahead of k6, k6 is
 * late.
 *
 * @param doubts what forbids to trust the load, or the application's answers, a sentence each
 */
export function judgeAgreement({ k6, application }: Clients, doubts: readonly string[]): Verdict {
  const expected = `medians of gaps, and of k6's TTFT, at most ${goals.biasMs} ms apart; OpenAI's TTFT at most ${goals.biasMs} ms below k6's`;
  const all = [...k6, application];
  const words = all.map(
    ({ client, ttft, gap }) => `${client} ${signed(ttft.biasMs)} and ${signed(gap.biasMs)} (${ttft.count})`,
  );
  const gaps = all.map(({ gap }) => gap.biasMs ?? Number.NaN);
  const ttfts = k6.map(({ ttft }) => ttft.biasMs ?? Number.NaN);
  const apartMs = [
    Math.max(...gaps) - Math.min(...gaps),
    Math.max(...ttfts) - Math.min(...ttfts),
    Math.max(...ttfts) - (application.ttft.biasMs ?? Number.NaN),
  ];
  const known = apartMs.every(Number.isFinite) && doubts.length === 0;
  return {
    claim: "k6's streams, k6's WebSockets and OpenAI's client agree",
    ...(known
      ? decided(
          apartMs.every((ms) => ms <= goals.biasMs),
          expected,
          words.join('; '),
          [],
        )
      : undecided(expected, doubts.join('; ') || 'a client measured nothing')),
  };
}

function isExact({ biasMs, p99Ms }: ErrorSummary): boolean {
  return biasMs !== null && p99Ms !== null && Math.abs(biasMs) < goals.biasMs && p99Ms < goals.p99Ms;
}

/** A finding that holds only if the evidence of these loads can be trusted. */
function allTrusted(loads: readonly Load[], expected: string, finding: () => Finding): Finding {
  const [doubted] = loads.filter((load) => load.problems.length > 0 || load.saturation.length > 0);
  return doubted === undefined ? finding() : trusted(doubted, expected, finding);
}

function trusted(load: Load, expected: string, finding: () => Finding): Finding {
  const reasons = [...load.problems, ...load.saturation];
  return reasons.length === 0 ? finding() : undecided(expected, `${load.name}: ${reasons.join('; ')}`);
}

function inWords({ biasMs, p99Ms }: ErrorSummary): string {
  return `${signed(biasMs)}, ${p99Ms === null ? 'none' : `${p99Ms.toFixed(2)} ms`}`;
}

function quantileInWords({ measure, quantile }: Comparison): string {
  return `p${Math.round(quantile * 100)} of ${measures[measure]}`;
}

function intervalInWords({ differenceMs, lowMs, highMs, bandMs }: Comparison): string {
  return `${signed(differenceMs)} (99 %: ${signed(lowMs)} to ${signed(highMs)}, band ${bandMs} ms)`;
}

function signed(ms: number | null): string {
  return ms === null ? 'unknown' : `${ms < 0 ? '' : '+'}${milliseconds(ms)}`;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(2)} ms`;
}

function percent(share: number | undefined): string {
  return `${Math.round((share ?? 0) * 100)} %`;
}
