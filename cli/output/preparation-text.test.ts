import { expect, test } from 'vitest';
import type { BinaryProgress } from '../../stack/binaries/binary-progress.js';
import { clock, preparationText } from './preparation-text.js';

const traefik = { ordinal: 3, total: 3, name: 'traefik', version: '3.7.5', elapsedMs: 64_000 } as const;

test.each<[BinaryProgress, string]>([
  [
    { ...traefik, phase: 'compile', phaseElapsedMs: 185_000, expectedMs: 240_000 },
    '3 of 3  traefik 3.7.5  compiling  3:05 of about 4:00',
  ],
  [
    { ...traefik, phase: 'download', phaseElapsedMs: 0, expectedMs: 30_000 },
    '3 of 3  traefik 3.7.5  downloading  0:00 of about 0:30',
  ],
  [
    { ...traefik, phase: 'wait', waitingFor: 'process 7, which is building k6 2.2.0' },
    '3 of 3  traefik 3.7.5  waiting for process 7, which is building k6 2.2.0',
  ],
  [{ ...traefik, phase: 'done', source: 'built', path: '/x' }, '3 of 3  traefik 3.7.5  ready (built) after 1:04'],
])('a program: %s', (progress, text) => {
  expect(preparationText({ type: 'binary', progress })).toBe(text);
});

test.each([
  ['pull', 'pulling image traefik:v3.7.5'],
  ['build', 'building image traefik:v3.7.5'],
] as const)('an image: %s', (phase, text) => {
  const progress = { program: 'traefik', phase, image: 'traefik:v3.7.5' } as const;
  expect(preparationText({ type: 'image', progress })).toBe(text);
});

test.each([
  [0, '0:00'],
  [-5_000, '0:00'],
  [59_499, '0:59'],
  [59_500, '1:00'],
  [3_600_000, '60:00'],
])('%i ms are %s', (ms, text) => {
  expect(clock(ms)).toBe(text);
});
