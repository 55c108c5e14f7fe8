import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { worstOutcome } from '../../harness/model/outcome.js';
import { writeAtomically } from '../../reports/write-atomically.js';
import { calibrateBriefly } from './calibrate-briefly.js';
import { calibrateFully } from './calibrate-fully.js';
import { type Calibration, calibrationSchema } from './calibration-schema.js';
import type { Bench } from './measure-load.js';
import { timing } from './timing.js';

/** What a calibration needs from outside. */
export interface CalibrationOptions extends Bench {
  /** Its name. */
  readonly calibration: string;
  readonly mode: Calibration['mode'];
  readonly versions: Readonly<Record<string, string>>;
  /** Called with what it is doing. */
  readonly say: (text: string) => void;
}

/** The file of a calibration, inside its folder. */
export const calibrationFile = 'calibration.json';

/**
 * Finds out how exactly the load generator measures on this machine, writes `calibration.json` into the folder and keeps
 * the evidence beside it. When it returns, everything that it started has ended.
 */
export async function calibrate(options: CalibrationOptions): Promise<Calibration> {
  const began = new Date();
  await mkdir(options.folder, { recursive: true });
  const findings = await (async () => {
    await using _runtime = options.runtime;
    return await (options.mode === 'full' ? calibrateFully : calibrateBriefly)(options, options.say);
  })();
  const calibration = calibrationSchema.parse({
    schemaVersion: 1,
    calibration: options.calibration,
    mode: options.mode,
    outcome: worstOutcome(findings.verdicts.map((verdict) => verdict.outcome)),
    startedAt: began.toISOString(),
    durationMs: Date.now() - began.getTime(),
    versions: options.versions,
    processors: availableParallelism(),
    seed: options.seed,
    timing,
    ...findings,
  } satisfies Calibration);
  await writeAtomically(join(options.folder, calibrationFile), `${JSON.stringify(calibration, null, 2)}\n`);
  return calibration;
}
