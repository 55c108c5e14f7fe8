import type { Random } from './random.js';

/** How long the simulated model takes, with the parameter names of llm-d-inference-sim. All times in milliseconds. */
export interface LatencySettings {
  /** Whether prefill depends on the prompt, or is `timeToFirstToken` whatever the prompt. */
  readonly latencyCalculator: 'per-token' | 'constant';
  readonly timeToFirstToken: number;
  readonly timeToFirstTokenStdDev: number;
  readonly prefillOverhead: number;
  /** For each prompt token that is not in the prefix cache. */
  readonly prefillTimePerToken: number;
  readonly prefillTimeStdDev: number;
  readonly interTokenLatency: number;
  readonly interTokenLatencyStdDev: number;
  /** Every time is multiplied by this when all slots run, and by less, in proportion, when fewer do. */
  readonly timeFactorUnderLoad: number;
}

/** A sampled time stays within these multiples of its mean, as in llm-d-inference-sim. */
const CLAMP = { min: 0.3, max: 1.7 };

/** Draws the delays of the simulated model. */
export class LatencyModel {
  readonly #settings: LatencySettings;
  readonly #maxNumSeqs: number;

  constructor(settings: LatencySettings, maxNumSeqs: number) {
    this.#settings = settings;
    this.#maxNumSeqs = maxNumSeqs;
  }

  /** 1 with one generation running, `timeFactorUnderLoad` with every slot running, linear between. */
  loadFactor(running: number): number {
    if (this.#maxNumSeqs < 2) return 1;
    return 1 + ((this.#settings.timeFactorUnderLoad - 1) * (running - 1)) / (this.#maxNumSeqs - 1);
  }

  /** From the slot to the first token, at load factor 1. */
  prefillMs(uncachedTokens: number, random: Random): number {
    const { latencyCalculator, prefillOverhead, prefillTimePerToken, prefillTimeStdDev } = this.#settings;
    if (latencyCalculator === 'constant') {
      return sample(this.#settings.timeToFirstToken, this.#settings.timeToFirstTokenStdDev, random);
    }
    return sample(prefillOverhead + prefillTimePerToken * uncachedTokens, prefillTimeStdDev, random);
  }

  /** Between two tokens, at load factor 1. */
  interTokenMs(random: Random): number {
    return sample(this.#settings.interTokenLatency, this.#settings.interTokenLatencyStdDev, random);
  }

  /** The mean time between two tokens, at load factor 1. */
  get meanInterTokenMs(): number {
    return this.#settings.interTokenLatency;
  }
}

function sample(mean: number, stdDev: number, random: Random): number {
  if (stdDev === 0 || mean === 0) return mean;
  return Math.min(CLAMP.max * mean, Math.max(CLAMP.min * mean, mean + stdDev * random.normal()));
}
