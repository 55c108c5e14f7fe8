import { describe, expect, test } from 'vitest';
import { GauntletError } from '../errors/gauntlet-error.js';
import { checkRunOptions } from './run-options.js';

const known = { experiments: ['retry', 'circuit-breaker', 'rate-limit'], traefik: ['3.7.5', '3.0.4'] } as const;

/** What the command line gives when a person types nothing. */
const defaults = { runtime: 'auto', traefik: '3.7.5', out: 'reports/out', seed: '42' };

function errorOf(words: readonly string[], raw: Readonly<Record<string, unknown>>, others?: readonly string[]) {
  try {
    checkRunOptions(words, { ...defaults, ...raw }, known, others);
  } catch (error) {
    if (error instanceof GauntletError) return error;
    throw error;
  }
  throw new Error('these options were taken');
}

describe('what is taken', () => {
  test('nothing typed: every experiment, and the defaults', () => {
    expect(checkRunOptions([], defaults, known)).toEqual({
      experiments: known.experiments,
      runtime: 'auto',
      traefik: '3.7.5',
      json: undefined,
      out: 'reports/out',
      seed: 42,
      firstPort: undefined,
      keep: false,
      calibrate: false,
    });
  });

  test('experiments come in the order of the catalogue, each once', () => {
    const { experiments } = checkRunOptions(['rate-limit', 'retry', 'rate-limit'], defaults, known);
    expect(experiments).toEqual(['retry', 'rate-limit']);
  });

  test('texts become numbers', () => {
    const raw = { ...defaults, seed: '4294967295', firstPort: '1024', json: 'a.json', keep: true };
    expect(checkRunOptions([], raw, known)).toMatchObject({
      seed: 4_294_967_295,
      firstPort: 1024,
      json: 'a.json',
      keep: true,
    });
  });
});

describe('what is refused', () => {
  test.each([
    ['seed', '--seed: expected a whole number from 0 to 4294967295', ['-1', '1.5', '4294967296', '1e3', '', ' 1']],
    ['firstPort', '--first-port: expected a whole number from 1024 to 65000', ['1023', '65001', 'http', '']],
    ['runtime', '--runtime: expected auto, docker or process', ['podman', '', 'Docker ']],
    ['traefik', '--traefik: expected 3.7.5 or 3.0.4', ['9.9', 'v3']],
  ])('%s: range and value are named', (key, message, values) => {
    for (const value of values) {
      expect(errorOf([], { [key]: value }).message).toContain(`${message}, received "${value}"`);
    }
  });

  test.each(['out', 'json'])('%s: an empty path', (key) => {
    expect(errorOf([], { [key]: '' }).message).toBe(`--${key}: expected a path, received nothing.`);
  });

  test('every problem is in the one error, in whatever way it was found', () => {
    const raw = { runtime: 'podman', traefik: '9.9', seed: 'x', firstPort: '80', json: '' };
    const error = errorOf(['nosuch', 'retry', 'retri', '--sed'], raw, ['--out: /dev/null/x cannot be written']);
    expect(error.message.split('\n')).toEqual([
      '9 problems:',
      '  experiment: expected retry, circuit-breaker or rate-limit, received "nosuch"',
      '  experiment: expected retry, circuit-breaker or rate-limit, received "retri" (did you mean retry?)',
      '  --runtime: expected auto, docker or process, received "podman"',
      '  --traefik: expected 3.7.5 or 3.0.4, received "9.9"',
      '  --json: expected a path, received nothing',
      '  --seed: expected a whole number from 0 to 4294967295, received "x"',
      '  --first-port: expected a whole number from 1024 to 65000, received "80"',
      '  --sed: unknown option (did you mean --seed?)',
      '  --out: /dev/null/x cannot be written',
    ]);
    expect(error.exitCode).toBe(3);
    expect(error.hint).toContain('gauntlet list');
  });

  test('what was found elsewhere is enough to refuse', () => {
    expect(errorOf([], {}, ['--out: no']).message).toBe('--out: no.');
  });

  test('an unknown flag is named without its value', () => {
    expect(errorOf(['--nosuch=5', 'retry'], {}).message).toBe('--nosuch: unknown option.');
  });
});
