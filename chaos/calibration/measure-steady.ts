import type { Timing } from '../../stack/components/delay-server.js';
import type { Calibration } from './calibration-schema.js';
import type { KnownAnswer } from './exchange.js';
import { type Kind, loadShape } from './load-shape.js';
import { type Bench, type MeasuredLoad, measureLoad } from './measure-load.js';
import { type MeasurementErrors, measurementErrors } from './measurement-errors.js';
import { percentile } from './percentile.js';
import { summariseAll } from './summarise-errors.js';

/** A load at one rate. */
export interface SteadyRequest {
  readonly name: string;
  readonly kinds: readonly Kind[];
  /** Of all kinds together. */
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly timing: Timing;
  /** Share of the generator's maximum that the rate is. */
  readonly ofMaximum?: number;
  /** Clients of each kind, where it is not the usual number. */
  readonly clients?: number;
}

/** A load at one rate, with the errors of what was measured. */
export interface SteadyLoad {
  /** For the file. */
  readonly load: Calibration['loads'][number];
  readonly errors: MeasurementErrors;
  readonly measured: MeasuredLoad;
}

/** Puts a load at one rate on a known-delay server, and compares what was measured with the truth. */
export async function measureSteady(
  { name, kinds, ratePerSecond, durationMs, timing, ofMaximum, clients }: SteadyRequest,
  bench: Bench,
  beside?: (address: string, startsAt: number) => Promise<void>,
): Promise<SteadyLoad> {
  const stages = [{ fromMs: 0, untilMs: durationMs, ratePerSecond }];
  const traffic = loadShape(kinds, stages, bench.seed, clients);
  const measured = await measureLoad({ name, traffic, timing }, bench, beside);
  const errors = measurementErrors(measured.exchanges, measured.answers);
  const { lateP99Ms, busiestCpu, busiestMachine } = measured.generator;
  return {
    load: {
      name,
      ratePerSecond,
      ...(ofMaximum !== undefined && { ofMaximum }),
      planned: measured.planned.length,
      recorded: measured.exchanges.length,
      lateP99Ms,
      ...(busiestCpu !== undefined && { busiestCpu }),
      ...(busiestMachine !== undefined && { busiestMachine }),
      serverLagP99Ms: percentile(serverLags([...measured.answers.values()], timing), 0.99),
      errors: summariseAll(errors),
      saturation: [...measured.saturation],
      problems: [...measured.problems, ...errors.problems],
    },
    errors,
    measured,
  };
}

/** How much later than asked for each token left, in milliseconds. */
function serverLags(answers: readonly KnownAnswer[], { ttftMs, gapMs, tokens }: Timing): number[] {
  return answers.flatMap(({ protocol, receivedAt, sentAt }) =>
    sentAt.map((at, place) => at - receivedAt - ttftMs - gapMs * (protocol === 'http' ? tokens - 1 : place)),
  );
}
