import { describe, expect, it } from 'vitest';
import { readSettings } from '../settings/read-settings.js';
import { SimulatedEngine } from './simulated-engine.js';
import { FakeClock } from './testing/fake-clock.js';
import { RecordingSink } from './testing/recording-sink.js';

/** The normal distribution function, by Abramowitz and Stegun's 7.1.26; its error is below 1.5e-7. */
function normalShareBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const half = (1 - poly * Math.exp(-x * x)) / 2;
  return z < 0 ? 0.5 - half : 0.5 + half;
}

/** The largest distance between the distribution of the values and the normal one. */
function distanceToNormal(values: readonly number[], mean: number, stdDev: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.max(
    ...sorted.map((value, index) => {
      const share = normalShareBelow((value - mean) / stdDev);
      return Math.max(Math.abs(share - index / sorted.length), Math.abs((index + 1) / sorted.length - share));
    }),
  );
}

/** What a sample of this size exceeds once in a thousand times if it does come from the distribution (Kolmogorov). */
function criticalDistance(size: number): number {
  return 1.95 / Math.sqrt(size);
}

/** Delays as they are decided, without the timer: of answers that are handed over whole. */
function sampleDelays(env: Readonly<Record<string, string>>, concurrency: number): { ttft: number[]; itl: number[] } {
  const clock = new FakeClock();
  const engine = new SimulatedEngine(readSettings(env).engine, clock);
  const ttft: number[] = [];
  const itl: number[] = [];
  engine.observe({ token: (ms) => itl.push(ms), finished: (_id, { timings }) => ttft.push(timings.ttftMs) });
  for (let round = 0; round < 400 / concurrency; round += 1) {
    for (let index = 0; index < concurrency; index += 1) {
      const messages = [{ role: 'user', content: 'Why is it slow?' }];
      engine.submit({ requestId: '', messages, maxTokens: 11, live: false }, new RecordingSink());
    }
    clock.advance(60_000);
  }
  return { ttft, itl };
}

describe('the delays of the simulated model', () => {
  const env = {
    PREFILL_OVERHEAD: '80',
    PREFILL_TIME_STD_DEV: '10',
    INTER_TOKEN_LATENCY: '12',
    INTER_TOKEN_LATENCY_STD_DEV: '1.5',
    MAX_NUM_SEQS: '8',
    ENABLE_KVCACHE: 'false',
  };

  it.each([
    ['alone', 1],
    ['in every slot', 8],
    ['with as many waiting', 16],
  ])('have the configured distributions %s', (_what, concurrency) => {
    const { ttft, itl } = sampleDelays(env, concurrency);
    expect([ttft.length, itl.length]).toEqual([400, 4000]);
    expect(distanceToNormal(ttft, 80, 10)).toBeLessThan(criticalDistance(400));
    expect(distanceToNormal(itl, 12, 1.5)).toBeLessThan(criticalDistance(4000));
  });

  it('are told apart from distributions that are only a little different', () => {
    const { ttft, itl } = sampleDelays(env, 1);
    expect(distanceToNormal(ttft, 83, 10)).toBeGreaterThan(criticalDistance(400));
    expect(distanceToNormal(itl, 12, 2)).toBeGreaterThan(criticalDistance(4000));
  });

  it('stay between 0.3 and 1.7 times their mean', () => {
    const { itl } = sampleDelays({ ...env, INTER_TOKEN_LATENCY: '10', INTER_TOKEN_LATENCY_STD_DEV: '3' }, 1);
    expect(Math.min(...itl)).toBeGreaterThanOrEqual(3 - 1e-9);
    expect(Math.max(...itl)).toBeLessThanOrEqual(17 + 1e-9);
  });

  it('do not depend on the prompt where the time to the first token is constant', () => {
    const constant = { LATENCY_CALCULATOR: 'constant', TIME_TO_FIRST_TOKEN: '50', PREFILL_TIME_PER_TOKEN: '9' };
    expect(new Set(sampleDelays(constant, 1).ttft.map(Math.round))).toEqual(new Set([50]));
  });
});
