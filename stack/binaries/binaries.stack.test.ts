import { expect, test } from 'vitest';
import { askVersion } from './ask-version.js';
import { ensureBinaries } from './ensure-binaries.js';
import { pins } from './pins.js';

// The first run on a machine builds all three from empty caches.
const coldBuildMs = 20 * 60_000;

test(
  'the resolved programs report the pinned versions',
  async () => {
    const binaries = await ensureBinaries({ k6: true, toxiproxy: true, traefik: '3.7.5' });
    const { env } = process;
    expect(await askVersion(pins.k6, binaries.k6.path, { env })).toBe('2.2.0');
    expect(await askVersion(pins.toxiproxy, binaries.toxiproxy.path, { env })).toBe('2.12.0');
    expect(await askVersion(pins.traefik['3.7.5'], binaries.traefik.path, { env })).toBe('3.7.5');
  },
  coldBuildMs,
);
