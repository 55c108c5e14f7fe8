import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { prepareGenerator } from '../../stack/prepare-generator.js';
import { calibrate, calibrationFile } from './calibrate.js';
import { calibrationSchema } from './calibration-schema.js';

// The first run on a machine compiles k6.
const coldBuildMs = 10 * 60_000;

async function bench(name: string, signal: AbortSignal) {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-calibration-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const prepared = await prepareGenerator({ run: `${name}-${process.pid}`, signal, onProgress: () => undefined });
  return { ...prepared, calibration: name, folder, mode: 'short' as const, seed: 42, signal };
}

test(
  'a short calibration measures with every client, and writes it down',
  async () => {
    const options = await bench('calibration-short', new AbortController().signal);
    const calibration = await calibrate({ ...options, say: () => undefined });
    expect(calibrationSchema.parse(JSON.parse(readFileSync(join(options.folder, calibrationFile), 'utf8')))).toEqual(
      calibration,
    );
    for (const load of calibration.loads) {
      expect(load.problems).toEqual([]);
      expect(load.recorded).toBe(load.planned);
      // A client cannot see a first token or an answer before it was sent; how exactly it does is for a quiet machine.
      expect(load.errors.ttft.biasMs).toBeGreaterThan(0);
      expect(load.errors.latency.biasMs).toBeGreaterThan(0);
    }
    expect(calibration.clients.map(({ client, ttft, gap }) => [client, ttft.count > 0, gap.count > 0])).toEqual([
      ['k6 stream', true, true],
      ['k6 WebSocket', true, true],
      ['openai client', true, true],
    ]);
    expect(calibration.comparisons).toHaveLength(6);
    expect(calibration.verdicts).toHaveLength(3);
  },
  coldBuildMs,
);

test(
  'an interrupted calibration ends what it started and writes no result',
  async () => {
    const interrupted = new AbortController();
    const options = await bench('calibration-interrupted', interrupted.signal);
    const calibrating = calibrate({ ...options, say: () => setTimeout(() => interrupted.abort(), 1_000) });
    await expect(calibrating).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(join(options.folder, calibrationFile))).toBe(false);
    await expect(options.runtime.start({} as never)).rejects.toThrow('its runtime has ended');
  },
  coldBuildMs,
);
