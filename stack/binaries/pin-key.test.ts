import { expect, test } from 'vitest';
import { pinKey } from './pin-key.js';
import { pins, traefikVersions } from './pins.js';

test('every pin has a key of its own that does not change between calls', async () => {
  const all = [pins.k6, pins.toxiproxy, ...traefikVersions.map((version) => pins.traefik[version])];
  const keys = await Promise.all(all.map(pinKey));
  expect(new Set(keys).size).toBe(all.length);
  expect(await Promise.all(all.map(pinKey))).toEqual(keys);
});

test('the key follows the recipe', async () => {
  const { replacements, ...recipe } = pins.traefik['3.7.5'];
  expect(await pinKey({ ...recipe, replacements: replacements.slice(1) })).not.toBe(
    await pinKey(pins.traefik['3.7.5']),
  );
});
