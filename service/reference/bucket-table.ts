import { Random } from '../engine/random.js';
import { buckets } from '../monitor/buckets.js';
import { toldQuantile, trueQuantile } from './told-quantile.js';

/** Four buckets that suit a web page, in seconds, as gateways are often given. */
const WEB_BUCKETS = [0.1, 0.3, 1.2, 5.0];

/** Situations that an operator has to tell apart; means in seconds. */
const cases = [
  { what: 'First token, prefix cached', mean: 0.025, bounds: buckets.firstToken },
  { what: 'First token, nothing cached', mean: 0.09, bounds: buckets.firstToken },
  { what: 'Between tokens, healthy', mean: 0.012, bounds: buckets.interToken },
  { what: 'Between tokens, four times slower', mean: 0.048, bounds: buckets.interToken },
  { what: 'Answer of 400 tokens', mean: 6, bounds: buckets.duration },
  { what: 'Answer of 2,000 tokens', mean: 30, bounds: buckets.duration },
] as const;

/** Standard deviation over the mean. */
const SPREAD = 0.1;
const DRAWS = 10_000;

/**
 * What is true of drawn durations, and what is told of them from two sets of buckets: rows of situation, true median and
 * 99th percentile, those told from four web buckets, and those told from the service's own.
 */
export function bucketRows(): string[][] {
  return cases.map(({ what, mean, bounds }, stream) => {
    const random = new Random(42, stream);
    const durations = Array.from({ length: DRAWS }, () => mean * (1 + SPREAD * random.normal()));
    const pair = (quantile: (share: number) => number): string => `${ms(quantile(0.5))} / ${ms(quantile(0.99))}`;
    return [
      what,
      pair((share) => trueQuantile(durations, share)),
      pair((share) => toldQuantile(durations, WEB_BUCKETS, share)),
      pair((share) => toldQuantile(durations, bounds, share)),
    ];
  });
}

function ms(seconds: number): string {
  return `${Number((seconds * 1000).toPrecision(3)).toLocaleString('en-GB')} ms`;
}
