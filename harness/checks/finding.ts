import type { Finding } from '../model/verdict.js';

/** A finding that the evidence supports one way or the other. */
export function decided(holds: boolean, expected: string, measured: string, evidence: readonly string[]): Finding {
  return { outcome: holds ? 'pass' : 'fail', expected, measured, evidence };
}

/** A finding that the evidence cannot decide, and why. */
export function undecided(expected: string, why: string, evidence: readonly string[] = []): Finding {
  return { outcome: 'inconclusive', expected, measured: why, evidence };
}

/** `3 requests`, `1 request`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/** Milliseconds as seconds with one decimal, for people. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
