import type { DrainTimes } from '../lifecycle/drain-server.js';
import type { EnvReader } from './env-reader.js';

const HOUR_MS = 3_600_000;

/** How an instance starts and ends. */
export function readLifecycle(reader: EnvReader): { startupDurationMs: number; drain: DrainTimes } {
  return {
    startupDurationMs: reader.number({
      name: 'STARTUP_DURATION',
      fallback: 0,
      min: 0,
      max: HOUR_MS,
      hint: 'Milliseconds for which /ready says 503 after the start.',
    }),
    drain: {
      delayMs: reader.number({
        name: 'DRAIN_DELAY_MS',
        fallback: 0,
        min: 0,
        max: HOUR_MS,
        hint: "Milliseconds; at least the interval of the gateway's health check.",
      }),
      deadlineMs: reader.number({
        name: 'DRAIN_DEADLINE_MS',
        fallback: 10_000,
        min: 0,
        max: HOUR_MS,
        hint: 'Milliseconds; with DRAIN_DELAY_MS, keep it below the time after which the container is killed.',
      }),
    },
  };
}
